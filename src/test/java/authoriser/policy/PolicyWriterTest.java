package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.ContextClaim;
import authoriser.config.Secret;
import authoriser.decision.Decision;
import authoriser.event.ExecuteApiArn;
import authoriser.json.JsonDocument;
import authoriser.reason.Reason;
import authoriser.token.ClaimValue;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyWriterTest {
    private static final Instant END = Instant.ofEpochSecond(VerifiedTokens.EXPIRES_AT);
    private static final Instant NOW = END.minusSeconds(60);

    private final VerifiedToken user =
            VerifiedTokens.user(List.of("openid", "orders/read"), List.of("clerks", "night-shift"));

    private Decision refused() {
        return new Decision.Forbidden(Optional.of(user), Reason.VALIDATION_REFUSED, "unused");
    }

    private static Map<String, String> contextOf(VerifiedToken token, Map<String, String> added) {
        return CheckedAnswer.of(
                        Policies.allow(Policies.writer(), token, added, Policies.ARN).orElseThrow())
                .context();
    }

    private static void assertJson(String expected, JsonDocument answer) {
        CheckedAnswer.of(answer);
        assertEquals(expected, new String(CheckedAnswer.jsonOf(answer), StandardCharsets.UTF_8));
    }

    @Nested
    class Allow {

        @Test
        void forAUser() {
            Map<String, String> context = new LinkedHashMap<>();
            context.put("plan", "gold");
            context.put("dailyLimit", "500");

            assertJson(
                    """
                    {"principalId":"9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",\
                    "policyDocument":{"Version":"2012-10-17","Statement":[\
                    {"Effect":"Allow","Action":"execute-api:Invoke",\
                    "Resource":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*",\
                    "Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-24T05:00:00Z"}}}]},\
                    "context":{"subject":"9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",\
                    "issuer":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E",\
                    "username":"jane.doe","clientId":"3n4b5urk1ft4fl3mg5e62d9ado",\
                    "scope":"openid orders/read","groups":"clerks,night-shift",\
                    "expiresAt":"1795496400","plan":"gold","dailyLimit":"500"}}\
                    """,
                    Policies.allow(Policies.writer(), user, context, Policies.ARN).orElseThrow());
        }

        @Test
        void forAMachineHasNoUsername() {
            assertJson(
                    """
                    {"principalId":"3n4b5urk1ft4fl3mg5e62d9ado",\
                    "policyDocument":{"Version":"2012-10-17","Statement":[\
                    {"Effect":"Allow","Action":"execute-api:Invoke",\
                    "Resource":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*",\
                    "Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-24T05:00:00Z"}}}]},\
                    "context":{"subject":"3n4b5urk1ft4fl3mg5e62d9ado",\
                    "issuer":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E",\
                    "clientId":"3n4b5urk1ft4fl3mg5e62d9ado",\
                    "scope":"orders/write","groups":"","expiresAt":"1795496400"}}\
                    """,
                    Policies.allow(
                                    Policies.writer(),
                                    VerifiedTokens.machine("orders/write"),
                                    Map.of(),
                                    Policies.ARN)
                            .orElseThrow());
        }

        @Test
        void hasTheUsageIdentifierKeyAtTheTopLevel() throws IOException {
            String key = "k".repeat(128);
            JsonDocument answer =
                    Policies.writer()
                            .allow(
                                    new Decision.Allow(
                                            user, Map.of(), Optional.of(new Secret(key))),
                                    Policies.ARN)
                            .orElseThrow();
            String json = new String(CheckedAnswer.jsonOf(answer), StandardCharsets.UTF_8);

            assertTrue(json.endsWith("},\"usageIdentifierKey\":\"" + key + "\"}"), json);
        }

        @Test
        void doesNotPrintTheUsageIdentifierKey() {
            assertFalse(
                    new Decision.Allow(user, Map.of(), Optional.of(new Secret("plan-key")))
                            .toString()
                            .contains("plan-key"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod",
                    "arn:aws-cn:execute-api:cn-north-1:123456789012:a1b2c3d4e5/prod",
                    "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:a1b2c3d4e5/prod",
                    "arn:aws-eusc:execute-api:eusc-de-east-1:123456789012:a1b2c3d4e5/prod",
                    "arn:aws:execute-api:eu-west-1:123456789012:h1t2t3p4a5/$default"
                })
        void andDenyAreForTheStageOfTheRequestOnly(String stage) {
            ExecuteApiArn arn = ExecuteApiArn.parse(stage + "/GET/orders/42").orElseThrow();
            CheckedAnswer allow =
                    CheckedAnswer.of(
                            Policies.allow(Policies.writer(), user, Map.of(), arn).orElseThrow());
            CheckedAnswer deny = CheckedAnswer.of(Policies.deny(refused(), "No.", arn));

            for (String route :
                    List.of(
                            "/GET/orders/42",
                            "/GET/",
                            "/POST/a/b?c",
                            "/DELETE/x:y/*",
                            "/$connect")) {
                assertTrue(allow.allows(stage + route, NOW), route);
                assertTrue(deny.deniesExplicitly(stage + route, NOW), route);
            }
            for (String other :
                    List.of(
                            stage + "2/GET/orders/42",
                            stage,
                            stage.replace("123456789012", "210987654321") + "/GET/orders/42",
                            stage.replace("4", "5") + "/GET/orders/42",
                            stage.replace("arn:aws", "arn:aws-x") + "/GET/orders/42")) {
                assertFalse(allow.allows(other, NOW), other);
                assertFalse(deny.deniesExplicitly(other, NOW), other);
            }
        }

        @Test
        void doesNotPrintItsContent() {
            JsonDocument answer =
                    Policies.allow(Policies.writer(), user, Map.of(), Policies.ARN).orElseThrow();

            assertFalse(answer.toString().contains("jane"), answer.toString());
        }
    }

    @Nested
    class RouteRules {

        @Test
        void denyTheRoutesThatTheTokenMustNotUse() {
            PolicyWriter writer =
                    Policies.writer(
                            Policies.rule("GET", "/orders/*", "orders/read"),
                            Policies.rule("DELETE", "/orders/*", "orders/delete"),
                            Policies.rule("*", "/admin*", "admin"));

            assertJson(
                    """
                    {"principalId":"9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",\
                    "policyDocument":{"Version":"2012-10-17","Statement":[\
                    {"Effect":"Allow","Action":"execute-api:Invoke","Resource":[\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/HEAD/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/POST/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/PUT/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/PATCH/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/DELETE/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/OPTIONS/*"],\
                    "Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-24T05:00:00Z"}}},\
                    {"Effect":"Deny","Action":"execute-api:Invoke","Resource":[\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/DELETE/orders/*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/admin*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/HEAD/admin*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/POST/admin*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/PUT/admin*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/PATCH/admin*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/DELETE/admin*",\
                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/OPTIONS/admin*"]}]},\
                    "context":{"subject":"9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",\
                    "issuer":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E",\
                    "username":"jane.doe","clientId":"3n4b5urk1ft4fl3mg5e62d9ado",\
                    "scope":"openid orders/read","groups":"clerks,night-shift",\
                    "expiresAt":"1795496400"}}\
                    """,
                    Policies.allow(writer, user, Map.of(), Policies.ARN).orElseThrow());
        }

        @ParameterizedTest
        @ValueSource(strings = {"TRACE", "CONNECT", "LINK", "get", "PROPFIND"})
        void allowSevenMethodsOnly(String method) {
            PolicyWriter writer = Policies.writer(Policies.rule("*", "/admin*", "admin"));
            VerifiedToken admin = VerifiedTokens.machine("admin");
            Instant now = Instant.ofEpochSecond(VerifiedTokens.EXPIRES_AT - 60);

            CheckedAnswer withRules = Policies.allow(writer, admin);
            CheckedAnswer withoutRules = Policies.allow(Policies.writer(), admin);

            assertFalse(withRules.allows(Policies.STAGE + "/" + method + "/orders", now));
            assertTrue(withoutRules.allows(Policies.STAGE + "/" + method + "/orders", now));
        }

        @Test
        void doNotRestrictAWebSocketApi() {
            PolicyWriter writer = Policies.writer(Policies.rule("*", "/admin*", "admin"));
            ExecuteApiArn connect = ExecuteApiArn.parse(Policies.STAGE + "/$connect").orElseThrow();
            Instant now = Instant.ofEpochSecond(VerifiedTokens.EXPIRES_AT - 60);

            CheckedAnswer answer =
                    CheckedAnswer.of(Policies.allow(writer, user, Map.of(), connect).orElseThrow());

            assertTrue(answer.allows(Policies.STAGE + "/$connect", now));
            assertTrue(answer.allows(Policies.STAGE + "/sendMessage", now));
        }

        /** The Deny statement has no condition on the time. */
        @Test
        void denyWithoutEnd() {
            CheckedAnswer allow =
                    Policies.allow(Policies.writer(Policies.rule("GET", "/admin", "admin")), user);

            assertTrue(allow.deniesExplicitly(Policies.STAGE + "/GET/admin", NOW));
            assertTrue(
                    allow.deniesExplicitly(Policies.STAGE + "/GET/admin", END.plusSeconds(9_999)));
        }
    }

    @Nested
    class Expiry {

        @Test
        void ofAnAllowIsTheExpiryOfTheToken() {
            CheckedAnswer allow = Policies.allow(Policies.writer(), user);

            assertTrue(allow.allows(Policies.STAGE + "/GET/x", END.minusMillis(1)));
            assertFalse(allow.allows(Policies.STAGE + "/GET/x", END));
        }

        @Test
        void isExtendedByTheClockSkew() {
            var writer =
                    new PolicyWriter(
                            new RoutePolicy(List.of(), List.of()),
                            List.of(),
                            true,
                            Duration.ofSeconds(300));

            CheckedAnswer allow = Policies.allow(writer, user);

            assertTrue(
                    allow.allows(Policies.STAGE + "/GET/x", END.plusSeconds(300).minusMillis(1)));
            assertFalse(allow.allows(Policies.STAGE + "/GET/x", END.plusSeconds(300)));
            assertEquals("1795496400", allow.context().get("expiresAt"));
        }

        @Test
        void isAbsentWithoutPolicyExpiry() {
            var writer =
                    new PolicyWriter(
                            new RoutePolicy(List.of(), List.of()),
                            List.of(),
                            false,
                            Duration.ofSeconds(60));

            CheckedAnswer allow = Policies.allow(writer, user);

            assertEquals(Optional.empty(), allow.statements().getFirst().before());
            assertTrue(allow.allows(Policies.STAGE + "/GET/x", Instant.MAX));
        }

        /**
         * {@code exp} may be the last second of the year 9999, and the clock skew is added to it.
         */
        @Test
        void isTheEndOfTheYear9999AtMost() {
            var writer =
                    new PolicyWriter(
                            new RoutePolicy(List.of(), List.of()),
                            List.of(),
                            true,
                            Duration.ofSeconds(300));
            VerifiedToken eternal =
                    VerifiedTokens.of(
                            "s", Optional.empty(), List.of(), List.of(), 253_402_300_799L);

            CheckedAnswer allow = Policies.allow(writer, eternal);

            assertEquals(
                    Optional.of(Instant.parse("9999-12-31T23:59:59Z")),
                    allow.statements().getFirst().before());
        }
    }

    @Nested
    class Context {

        @Test
        void hasTheConfiguredClaimsAsText() {
            Map<String, ClaimValue> claims =
                    Map.of(
                            "custom:tenant", new ClaimValue("\"acme\"", Optional.of("acme")),
                            "auth_time", new ClaimValue("1795492800", Optional.of("1795492800")),
                            "roles", new ClaimValue("[\"a\",1]", Optional.of("[\"a\",1]")),
                            "nothing", new ClaimValue("null", Optional.empty()));
            VerifiedToken token =
                    VerifiedTokens.of(
                            "s",
                            Optional.empty(),
                            List.of(),
                            List.of(),
                            claims,
                            VerifiedTokens.EXPIRES_AT);
            PolicyWriter writer =
                    writerWith(
                            new ContextClaim("custom:tenant", "custom_tenant"),
                            new ContextClaim("auth_time", "signedInAt"),
                            new ContextClaim("roles", "roles"),
                            new ContextClaim("nothing", "nothing"),
                            new ContextClaim("missing", "missing"));

            Map<String, String> context =
                    CheckedAnswer.of(
                                    Policies.allow(
                                                    writer,
                                                    token,
                                                    Map.of(
                                                            "custom_Tenant",
                                                            "x",
                                                            "MISSING",
                                                            "x",
                                                            "o",
                                                            "k"),
                                                    Policies.ARN)
                                            .orElseThrow())
                            .context();

            context.keySet()
                    .removeAll(
                            Set.of(
                                    "subject",
                                    "issuer",
                                    "clientId",
                                    "scope",
                                    "groups",
                                    "expiresAt"));
            assertEquals(
                    Map.of(
                            "custom_tenant", "acme",
                            "signedInAt", "1795492800",
                            "roles", "[\"a\",1]",
                            "o", "k"),
                    context);
        }

        private static PolicyWriter writerWith(ContextClaim... claims) {
            return new PolicyWriter(
                    new RoutePolicy(List.of(), List.of()), List.of(claims), true, Duration.ZERO);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "subject",
                    "Issuer",
                    "USERNAME",
                    "clientId",
                    "scope",
                    "groups",
                    "expiresAt",
                    "reason",
                    "message",
                    "claims",
                    "principalId",
                    "integrationLatency",
                    "integrationStatus",
                    "error",
                    "status",
                    "requestId",
                    "latency"
                })
        void hasNoClaimUnderAReservedKey(String key) {
            assertEquals(
                    Optional.of(key),
                    ContextKeys.collisionOf(
                            List.of(new ContextClaim("a", "free"), new ContextClaim("b", key))));
        }

        @Test
        void hasNoTwoClaimsUnderOneKey() {
            assertEquals(
                    Optional.of("Tenant"),
                    ContextKeys.collisionOf(
                            List.of(
                                    new ContextClaim("a", "tenant"),
                                    new ContextClaim("b", "Tenant"))));
            assertEquals(
                    Optional.empty(),
                    ContextKeys.collisionOf(
                            List.of(
                                    new ContextClaim("a", "tenant"),
                                    new ContextClaim("a", "tenant2"))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "subject",
                    "issuer",
                    "username",
                    "clientId",
                    "scope",
                    "groups",
                    "expiresAt",
                    "reason",
                    "message"
                })
        void keepsTheKeysOfTheAuthoriserFromTheService(String key) {
            for (VerifiedToken token : List.of(user, VerifiedTokens.machine("orders/write"))) {
                Map<String, String> context = new LinkedHashMap<>();
                for (String spelling :
                        List.of(key, key.toUpperCase(), key.toLowerCase(), swapFirst(key))) {
                    context.put(spelling, "set by the service");
                }
                context.put("plan", "gold");

                assertEquals(
                        with(contextOf(token, Map.of()), "plan", "gold"),
                        contextOf(token, context));
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "claims",
                    "principalId",
                    "integrationLatency",
                    "error",
                    "status",
                    "requestId",
                    "latency",
                    "integrationStatus"
                })
        void keepsTheKeysOfApiGatewayFromTheService(String key) {
            assertEquals(contextOf(user, Map.of()), contextOf(user, Map.of(key, "set")));
        }

        @Test
        void hasAllOtherValuesOfTheServiceUnchanged() {
            Map<String, String> context = new LinkedHashMap<>();
            context.put("plan", "");
            context.put("note", "\"quoted\"\\ and\n<b>é日\ud83d\ude00</b>");
            context.put("sub ject", "x");

            Map<String, String> expected = contextOf(user, Map.of());
            expected.putAll(context);

            assertEquals(expected, contextOf(user, context));
        }

        @Test
        void omitsGroupsAndScopesThatContainTheSeparator() {
            VerifiedToken token =
                    VerifiedTokens.user(
                            List.of("a", "b c", "d"),
                            List.of("x,admin", ",y", "y", "z z", "\"w\""));

            Map<String, String> context = contextOf(token, Map.of());

            assertEquals("a d", context.get("scope"));
            assertEquals("y,z z,\"w\"", context.get("groups"));
        }

        private static Map<String, String> with(Map<String, String> map, String key, String value) {
            map.put(key, value);
            return map;
        }

        private static String swapFirst(String key) {
            return key.substring(0, 1).toUpperCase() + key.substring(1);
        }
    }

    @Nested
    class Deny {

        @Test
        void forAnUnauthenticatedCaller() {
            assertJson(
                    """
                    {"principalId":"unauthenticated",\
                    "policyDocument":{"Version":"2012-10-17","Statement":[\
                    {"Effect":"Deny","Action":"execute-api:Invoke",\
                    "Resource":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*"}]},\
                    "context":{"reason":"token_expired","message":"The token has expired."}}\
                    """,
                    Policies.deny(
                            new Decision.Unauthenticated(Reason.TOKEN_EXPIRED),
                            Reason.TOKEN_EXPIRED.message(),
                            Policies.ARN));
        }

        @Test
        void forAVerifiedCaller() {
            assertJson(
                    """
                    {"principalId":"9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",\
                    "policyDocument":{"Version":"2012-10-17","Statement":[\
                    {"Effect":"Deny","Action":"execute-api:Invoke",\
                    "Resource":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*"}]},\
                    "context":{"reason":"validation_refused","message":"Tenant is suspended."}}\
                    """,
                    Policies.deny(refused(), "Tenant is suspended.", Policies.ARN));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "Tenant is suspended. | Tenant is suspended.",
                    "`say \"no\"` | say 'no'",
                    "`<script>alert(1)</script>` | `script alert(1) /script `",
                    "a&b | a b",
                    "a\\b | a b",
                    "$context.identity | `context.identity`",
                    "`a``b` | a b"
                })
        void hasAMessageWithoutMarkup(String message, String shown) {
            CheckedAnswer deny = CheckedAnswer.of(Policies.deny(refused(), message, Policies.ARN));

            assertEquals(shown.strip(), deny.context().get("message").strip());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\u0000", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\u009f", "\u2028",
                    "\u2029", "\ud83d", "\ude00"
                })
        void hasAMessageOfOneLine(String character) {
            CheckedAnswer deny =
                    CheckedAnswer.of(Policies.deny(refused(), "a" + character + "b", Policies.ARN));

            assertEquals("a b", deny.context().get("message"));
        }

        @ParameterizedTest
        @ValueSource(strings = {" ", "!", "~", "\u00a0", "\u2027", "\u202a"})
        void hasAMessageWithOtherCharactersUnchanged(String character) {
            CheckedAnswer deny =
                    CheckedAnswer.of(Policies.deny(refused(), "a" + character + "b", Policies.ARN));

            assertEquals("a" + character + "b", deny.context().get("message"));
        }

        @Test
        void hasAMessageOf256CharactersAtMost() {
            String longest = "é".repeat(256);

            assertEquals(
                    longest,
                    CheckedAnswer.of(Policies.deny(refused(), longest, Policies.ARN))
                            .context()
                            .get("message"));
            assertEquals(
                    longest,
                    CheckedAnswer.of(Policies.deny(refused(), longest + "x", Policies.ARN))
                            .context()
                            .get("message"));
        }

        @ParameterizedTest
        @EnumSource
        void keepsTheMessageOfEachReason(Reason reason) {
            assertEquals(reason.message(), SafeMessage.of(reason.message()));
        }
    }
}
