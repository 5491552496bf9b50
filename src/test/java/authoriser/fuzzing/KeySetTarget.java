package authoriser.fuzzing;

import static authoriser.InMemoryFunction.KEY;
import static authoriser.InMemoryFunction.KEYS;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.http.Reply;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * What the issuer answers instead of its key set: at the first request, and at a renewal. {@code
 * MODULUS} in an input becomes that of the issuer's key.
 */
final class KeySetTarget implements FuzzTarget {
    private static final String MODULUS = (String) KEY.jwk().get("n");
    private static final SigningKey OTHER = SigningKey.generate(KEY.kid());

    /** After this the held keys must be renewed, whatever they are. */
    private static final Duration KEPT_AT_MOST = Duration.ofHours(25);

    private final CheckedFunction warm = CheckedFunction.warm();

    @Override
    public void take(byte[] input) {
        String set = new String(input, StandardCharsets.ISO_8859_1).replace("MODULUS", MODULUS);
        CheckedFunction cold = new CheckedFunction();
        answerWith(cold, set);
        if (cold.answerGoodEvent().kind() == Kind.ALLOW) {
            assertHoldsKey(Tree.of(set.getBytes(StandardCharsets.ISO_8859_1)));
        }
        assertRecovers(cold);

        warm.function().clock.advance(Duration.ofHours(2));
        answerWith(warm, set);
        assertNotEquals(Kind.ERROR, warm.answerGoodEvent().kind(), "the held keys are in use");
        assertRecovers(warm);
        warm.assertAnswersAsBefore();
    }

    private static void answerWith(CheckedFunction function, String set) {
        byte[] body = set.getBytes(StandardCharsets.ISO_8859_1);
        function.http().on(KEYS, _ -> new Reply.Answered(200, body));
    }

    /** A token of another key is never good, and a good one is, once the key set is good again. */
    private static void assertRecovers(CheckedFunction function) {
        var tokens = function.function().tokens;
        assertNotEquals(
                Kind.ALLOW, function.answer(Events.rest(tokens.signedWith(OTHER).access())).kind());
        function.http().on(KEYS, InMemoryFunction.goodAnswerOf(KEYS));
        function.function().clock.advance(KEPT_AT_MOST);
        function.assertAllows();
    }

    /** A set must hold the key for a token of that key to be good, by another reader. */
    private static void assertHoldsKey(JsonNode set) {
        boolean found = false;
        for (JsonNode key : set.path("keys")) {
            found |=
                    KEY.kid().equals(key.path("kid").textValue())
                            && "RSA".equals(key.path("kty").textValue())
                            && KEY.publicKey().getModulus().equals(number(key.path("n").asText()));
        }
        assertTrue(found, "allowed by a set without the key");
    }

    private static BigInteger number(String base64Url) {
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(base64Url));
        } catch (IllegalArgumentException e) {
            return BigInteger.ZERO;
        }
    }
}
