package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Tokens: the first line is the JOSE header, the rest is the payload. They are signed with the
 * issuer's key, with another key, and changed after they were signed.
 */
final class TokenTarget implements FuzzTarget {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final SigningKey OTHER = SigningKey.generate(InMemoryFunction.KEY.kid());

    /** The leeway for the clock of the issuer, in seconds. */
    private static final int ISSUE_LEEWAY = 5;

    private final CheckedFunction function = CheckedFunction.warm();

    @Override
    public void take(byte[] input) {
        int lineEnd = 0;
        while (lineEnd < input.length && input[lineEnd] != '\n') {
            lineEnd++;
        }
        byte[] header = Arrays.copyOf(input, lineEnd);
        byte[] payload =
                Arrays.copyOfRange(input, Math.min(lineEnd + 1, input.length), input.length);
        String signingInput =
                BASE64URL.encodeToString(header) + "." + BASE64URL.encodeToString(payload);

        String signed = signed(InMemoryFunction.KEY, signingInput);
        if (answer(signed) == Kind.ALLOW) {
            assertAcceptable(Tree.of(header), Tree.of(payload));
            function.assertServiceWasAsked();
        }
        assertNotAllowed("another key", signed(OTHER, signingInput));
        assertNotAllowed("no signature", signingInput + ".");
        assertNotAllowed("a changed character", changed(signed, input));
        assertNotAllowed("bytes", new String(input, StandardCharsets.ISO_8859_1));
        function.assertAnswersAsBefore();
    }

    private void assertNotAllowed(String what, String token) {
        assertNotEquals(Kind.ALLOW, answer(token), what);
    }

    private Kind answer(String token) {
        Kind kind = function.answer(Events.rest(token)).kind();
        assertNotEquals(Kind.ERROR, kind);
        return kind;
    }

    private static String signed(SigningKey key, String signingInput) {
        return signingInput + "." + BASE64URL.encodeToString(key.signature(signingInput));
    }

    /** The token with another character at a place that the input decides. */
    private static String changed(String token, byte[] input) {
        int at = Math.floorMod(Arrays.hashCode(input), token.length());
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        return token.substring(0, at) + other + token.substring(at + 1);
    }

    /** What a token must hold to be accepted, by another reader. */
    private void assertAcceptable(JsonNode header, JsonNode claims) {
        double now = function.function().clock.instant().getEpochSecond();
        assertEquals("RS256", header.path("alg").textValue());
        assertEquals(InMemoryFunction.KEY.kid(), header.path("kid").textValue());
        for (String refused : List.of("crit", "b64", "zip", "cty")) {
            assertFalse(header.has(refused), refused);
        }
        assertEquals(InMemoryFunction.ISSUER, claims.path("iss").textValue());
        assertEquals("access", claims.path("token_use").textValue());
        assertEquals(Tokens.CLIENT_ID, claims.path("client_id").textValue());
        assertFalse(claims.path("sub").textValue().isEmpty());
        assertFalse(claims.has("cnf"), "cnf");
        assertTrue(claims.path("exp").isNumber() && claims.get("exp").doubleValue() > now, "exp");
        for (String claim : List.of("nbf", "iat")) {
            assertTrue(claims.path(claim).asDouble() <= now + ISSUE_LEEWAY, claim);
        }
        assertTrue(
                List.of(claims.path("scope").textValue().split(" ")).contains("orders/read"),
                "scope");
        JsonNode audience = claims.path("aud");
        if (audience.isTextual()) {
            assertEquals(Tokens.CLIENT_ID, audience.textValue());
        }
        audience.forEach(one -> assertEquals(Tokens.CLIENT_ID, one.textValue()));
        assertFalse(audience.isArray() && audience.isEmpty(), "an empty aud");
    }
}
