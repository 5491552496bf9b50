package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaksTest {
    private static final SigningKey KEY = SigningKey.generate("key");
    private static final String TENANT = "tenant-4f1c-8a55";

    private final String token = new Tokens(KEY, "https://issuer", InstantSource.system()).access();
    private final Leaks leaks = new Leaks();

    @BeforeEach
    void remember() {
        String event =
                "{\"headers\":{\"authorization\":\"Bearer %s\",\"x-tenant-id\":\"%s\"}}"
                        .formatted(token, TENANT);
        leaks.event(event.getBytes(StandardCharsets.UTF_8));
        leaks.secret("the-client-secret");
    }

    @Test
    void findNothingInOtherText() {
        leaks.shown("subject " + Tokens.SUBJECT + " of " + Tokens.CLIENT_ID + " at tenant-4f1c");

        assertEquals(Set.of(), leaks.found());
    }

    @Test
    void findAToken() {
        leaks.shown("refused: " + token);

        assertEquals(Set.of("a credential"), leaks.found());
    }

    @Test
    void findTheEndOfASignature() {
        leaks.shown("…" + token.substring(token.length() - 12));

        assertEquals(Set.of("a credential"), leaks.found());
    }

    @Test
    void findAPartOfAPayload() {
        leaks.shown(token.substring(201, 201 + 18));

        assertEquals(Set.of("a credential"), leaks.found());
    }

    @Test
    void findTheIdOfAToken() {
        String payload = token.split("\\.")[1];
        String claims = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        int jti = claims.indexOf("\"jti\":\"") + 7;

        leaks.shown("token " + claims.substring(jti, jti + 36));

        assertEquals(Set.of("the claim jti"), leaks.found());
    }

    @Test
    void findTheValueOfAHeader() {
        leaks.shown("refused for " + TENANT);

        assertEquals(Set.of("the value of x-tenant-id"), leaks.found());
    }

    @Test
    void allowTheValueOfAHeaderInAResponseButNoToken() {
        leaks.answered(TENANT + " is refused");
        assertEquals(Set.of(), leaks.found());

        leaks.answered(token);
        assertEquals(Set.of("a credential"), leaks.found());
    }

    @Test
    void findASecretUnchangedAndInBase64AtAnyPosition() {
        for (String before : new String[] {"", "a", "ab", "abc"}) {
            Leaks anew = new Leaks();
            anew.secret("the-client-secret");

            byte[] text = (before + "the-client-secret").getBytes(StandardCharsets.UTF_8);
            anew.shown(Base64.getEncoder().encodeToString(text));

            assertEquals(Set.of("a secret in base64"), anew.found(), before);
        }
        leaks.shown("secret=the-client-secret;");

        assertEquals(Set.of("a secret"), leaks.found());
    }
}
