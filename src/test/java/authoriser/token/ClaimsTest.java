package authoriser.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsTest {

    @Test
    void readsTheTokenOfAUser() throws IOException {
        Claims claims =
                read(
                        """
                        {"sub":"9f2c","iss":"https://issuer.example/pool","token_use":"access",
                         "client_id":"app","username":"jane","scope":"b a","exp":30,"nbf":10,
                         "iat":20,"cognito:groups":["z","y"],"jti":{"any":["thing"]},"other":null}
                        """);

        assertEquals("https://issuer.example/pool", claims.issuer());
        assertEquals("access", claims.use());
        assertEquals("app", claims.clientId());
        assertEquals("9f2c", claims.subject());
        assertEquals(Optional.of("jane"), claims.username());
        assertEquals(List.of("b", "a"), List.copyOf(new ArrayList<>(claims.scopes())));
        assertEquals(List.of("z", "y"), claims.groups());
        assertEquals(Optional.of(30.0), claims.expiresAt());
        assertEquals(10, claims.notBefore());
        assertEquals(20, claims.issuedAt());
    }

    @Test
    void isEmptyForAbsentClaims() throws IOException {
        Claims claims = read("{}");

        assertEquals("", claims.issuer());
        assertEquals("", claims.use());
        assertEquals("", claims.clientId());
        assertEquals("", claims.subject());
        assertEquals(Optional.empty(), claims.username());
        assertEquals(List.of(), List.copyOf(claims.scopes()));
        assertEquals(List.of(), claims.groups());
        assertEquals(Optional.empty(), claims.expiresAt());
        assertEquals(0, claims.notBefore());
        assertEquals(0, claims.issuedAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "token_use", "client_id", "sub", "username", "scope"})
    void refusesATextClaimThatIsNotAString(String claim) {
        for (String value : List.of("null", "true", "1", "[]", "[\"x\"]", "{}")) {
            assertRefused("{\"" + claim + "\":" + value + "}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "nbf", "iat"})
    void refusesATimeThatIsNotANumber(String claim) {
        for (String value : List.of("null", "true", "\"1\"", "\"\"", "[1]", "{}", "\"Infinity\"")) {
            assertRefused("{\"" + claim + "\":" + value + "}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "nbf", "iat"})
    void refusesATimeOutOfRange(String claim) {
        for (String value :
                List.of(
                        "-1",
                        "-0.5",
                        "253402300800",
                        "9223372036854775808",
                        "1e12",
                        "1e400",
                        "1e999999999",
                        "9".repeat(64),
                        "9".repeat(400))) {
            assertRefused("{\"" + claim + "\":" + value + "}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1.5,1.5",
        "1e3,1000",
        "1772370000,1772370000",
        "1772370000.25,1772370000.25",
        "253402300799,253402300799",
    })
    void readsATimeWithOrWithoutAFraction(String text, double seconds) throws IOException {
        Claims claims = read("{\"exp\":%1$s,\"nbf\":%1$s,\"iat\":%1$s}".formatted(text));

        assertEquals(Optional.of(seconds), claims.expiresAt());
        assertEquals(seconds, claims.notBefore());
        assertEquals(seconds, claims.issuedAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "client_id", "username"})
    void refusesASubjectOfMoreThan255Characters(String claim) throws IOException {
        read("{\"" + claim + "\":\"" + "x".repeat(255) + "\"}");

        assertRefused("{\"" + claim + "\":\"" + "x".repeat(256) + "\"}");
    }

    @Test
    void readsAnAudienceAsAStringOrAList() throws IOException {
        assertEquals(Optional.empty(), read("{}").audiences());
        assertEquals(Optional.of(List.of("a")), read("{\"aud\":\"a\"}").audiences());
        assertEquals(Optional.of(List.of("a", "b")), read("{\"aud\":[\"a\",\"b\"]}").audiences());
        assertEquals(Optional.of(List.of()), read("{\"aud\":[]}").audiences());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "true", "{}", "[1]", "[null]", "[[\"a\"]]", "\"\\uD800\""})
    void refusesAnAudienceOfAnotherType(String audience) {
        assertRefused("{\"aud\":" + audience + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"jkt\":\"x\"}", "\"x\"", "[]"})
    void readsAConfirmationOfAnyType(String confirmation) throws IOException {
        assertEquals(true, read("{\"cnf\":" + confirmation + "}").bound());
        assertEquals(false, read("{\"other\":" + confirmation + "}").bound());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"admins\"", "1", "{}", "[1]", "[null]", "[[\"admins\"]]"})
    void refusesGroupsThatAreNotAListOfStrings(String groups) {
        assertRefused("{\"cognito:groups\":" + groups + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":\"\\ud83d\"}",
                "{\"username\":\"x\\ude00\"}",
                "{\"client_id\":\"\\ude00\\ud83d\"}",
                "{\"scope\":\"\\ud83d a\"}",
                "{\"cognito:groups\":[\"\\ud83d\"]}",
            })
    void refusesAnUnpairedSurrogate(String payload) {
        assertRefused(payload);
    }

    @ParameterizedTest
    @CsvSource({
        "'',''",
        "' ',''",
        "a,a",
        "' a  b ','a,b'",
        "'a b a','a,b'",
        "'orders/read https://x.example/y','orders/read,https://x.example/y'",
        "'a,b','a,b'",
    })
    void separatesScopesBySpaces(String scope, String words) throws IOException {
        assertEquals(words, String.join(",", read("{\"scope\":\"" + scope + "\"}").scopes()));
    }

    @Test
    void separatesScopesOnlyBySpaces() throws IOException {
        assertEquals(
                List.of("a\tb", "c,d", "e\u00a0f"),
                List.copyOf(read("{\"scope\":\"a\\tb c,d e\\u00a0f\"}").scopes()));
    }

    private static Claims read(String payload) throws IOException {
        return Claims.read(payload.getBytes(UTF_8));
    }

    private static void assertRefused(String payload) {
        assertThrows(IOException.class, () -> read(payload), payload);
    }
}
