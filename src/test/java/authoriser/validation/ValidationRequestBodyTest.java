package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.token.ClaimValue;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ValidationRequestBodyTest {

    private static String question(VerifiedToken token, Map<String, String> headers) {
        return new String(
                ValidationRequestBody.write(token, headers, List.of()), StandardCharsets.UTF_8);
    }

    private static VerifiedToken named(String subject, String username) {
        return VerifiedTokens.of(
                subject,
                Optional.of(username),
                List.of("orders/read", "orders/write"),
                List.of("staff", "admins"),
                VerifiedTokens.EXPIRES_AT);
    }

    @Test
    void hasEveryMemberOfTheContractForAUser() {
        assertEquals(
                "{\"principal\":{\"issuer\":\""
                        + VerifiedTokens.ISSUER
                        + "\",\"subject\":\"3f1c\",\"username\":\"alice\",\"clientId\":\""
                        + VerifiedTokens.CLIENT_ID
                        + "\",\"scopes\":[\"orders/read\",\"orders/write\"],"
                        + "\"groups\":[\"staff\",\"admins\"]},"
                        + "\"headers\":{\"x-tenant-id\":\"acme\"}}",
                question(named("3f1c", "alice"), Map.of("x-tenant-id", "acme")));
    }

    @Test
    void hasNoUsernameForAMachine() {
        assertEquals(
                "{\"principal\":{\"issuer\":\""
                        + VerifiedTokens.ISSUER
                        + "\",\"subject\":\""
                        + VerifiedTokens.CLIENT_ID
                        + "\",\"clientId\":\""
                        + VerifiedTokens.CLIENT_ID
                        + "\",\"scopes\":[\"jobs/run\"],\"groups\":[]},\"headers\":{}}",
                question(VerifiedTokens.machine("jobs/run"), Map.of()));
    }

    @Test
    void hasTheConfiguredClaimsUnchanged() {
        Map<String, ClaimValue> claims =
                Map.of(
                        "origin_jti", new ClaimValue("\"a-session\"", Optional.of("a-session")),
                        "auth_time", new ClaimValue("1795492800", Optional.of("1795492800")),
                        "custom:tenant", new ClaimValue("{\"a\":[1,\"é🙂\"]}", Optional.of("-")),
                        "none", new ClaimValue("null", Optional.empty()),
                        "not-asked-for", new ClaimValue("1", Optional.of("1")));
        VerifiedToken token =
                VerifiedTokens.of(
                        "3f1c", Optional.empty(), List.of(), List.of(), claims, 1_795_496_400L);

        String question =
                new String(
                        ValidationRequestBody.write(
                                token,
                                Map.of(),
                                List.of(
                                        "origin_jti",
                                        "auth_time",
                                        "missing",
                                        "custom:tenant",
                                        "none")),
                        StandardCharsets.UTF_8);

        assertEquals(
                "{\"origin_jti\":\"a-session\",\"auth_time\":1795492800,"
                        + "\"custom:tenant\":{\"a\":[1,\"é🙂\"]},\"none\":null}},\"headers\":{}}",
                question.replaceFirst(".*\"groups\":\\[],\"claims\":", ""));
    }

    @Test
    void hasAnEmptyObjectIfTheTokenHasNoConfiguredClaim() {
        String question =
                new String(
                        ValidationRequestBody.write(
                                VerifiedTokens.machine(), Map.of(), List.of("origin_jti")),
                        StandardCharsets.UTF_8);

        assertTrue(question.contains(",\"groups\":[],\"claims\":{}}"), question);
    }

    @Test
    void hasTheHeadersInTheirOrder() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-b", "2");
        headers.put("x-a", "1");
        headers.put("x-c", "");

        assertEquals(
                "\"headers\":{\"x-b\":\"2\",\"x-a\":\"1\",\"x-c\":\"\"}}",
                question(VerifiedTokens.machine(), headers)
                        .replaceFirst(".*\"groups\":\\[]},", ""));
    }

    @Test
    void escapesEveryValue() {
        String hostile = "\",\"allowed\":true,\"x\":\"\\\n\u0000</script>\u2028";

        assertEquals(
                "{\"principal\":{\"issuer\":\""
                        + VerifiedTokens.ISSUER
                        + "\",\"subject\":\"a\\\"b\",\"username\":\"c\\\\d\",\"clientId\":\""
                        + VerifiedTokens.CLIENT_ID
                        + "\",\"scopes\":[\"orders/read\",\"orders/write\"],"
                        + "\"groups\":[\"staff\",\"admins\"]},\"headers\":{\"x-tenant-id\":"
                        + "\"\\\",\\\"allowed\\\":true,\\\"x\\\":\\\"\\\\\\n\\u0000</script>\u2028\"}}",
                question(named("a\"b", "c\\d"), Map.of("x-tenant-id", hostile)));
    }

    @Test
    void hasLettersOfAnyLanguage() {
        assertEquals(
                "\"headers\":{\"x-name\":\"Zoë 李 \\uD83D\\uDE42\"}}",
                question(VerifiedTokens.machine(), Map.of("x-name", "Zoë 李 🙂"))
                        .replaceFirst(".*\"groups\":\\[]},", ""));
    }

    @Test
    void keepsAnUnpairedSurrogateAsAnEscape() {
        assertEquals(
                "\"headers\":{\"x-name\":\"a\\uD83D\"}}",
                question(VerifiedTokens.machine(), Map.of("x-name", "a\ud83d"))
                        .replaceFirst(".*\"groups\":\\[]},", ""));
    }
}
