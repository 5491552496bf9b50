package authoriser.explain;

import static authoriser.InMemoryFunction.KEYS;
import static authoriser.InMemoryFunction.LOGIN;
import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.ExplainedFunction;
import authoriser.InMemoryFunction;
import authoriser.config.Environment;
import authoriser.reason.Reason;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text for a person. Every secret holds the word canary, which no text may have. */
class ExplanationTest {
    private static final String[] SETTINGS = {
        "ValidatedHeaders", "X-Tenant-Id,X-Channel",
        "CognitoClientIds", Tokens.CLIENT_ID,
        "RequiredScopes", "orders/read",
        "RequiredGroups", "clerks,team-7"
    };

    /** Faults of a token, in the order in which the function looks for them. */
    private enum Fault {
        ISSUER(Check.ISSUER, Tokens.with("iss", "https://other.example.com")),
        USE(Check.USE, Tokens.with("token_use", "id")),
        CLIENT(Check.CLIENT, Tokens.with("client_id", "other")),
        AUDIENCE(Check.AUDIENCE, Tokens.with("aud", "other")),
        EXPIRY(Check.EXPIRY, Tokens.with("exp", 1)),
        START(Check.START, Tokens.with("nbf", 9_999_999_999L)),
        SCOPES(Check.SCOPES, Tokens.with("scope", "openid")),
        GROUPS(Check.GROUPS, Tokens.with("cognito:groups", List.of("other")));

        private final Check check;
        private final UnaryOperator<Map<String, Object>> change;

        Fault(Check check, UnaryOperator<Map<String, Object>> change) {
            this.check = check;
            this.change = change;
        }
    }

    private final InMemoryFunction network = new InMemoryFunction();
    private final Tokens tokens = network.tokens;
    private final List<String> printed = new ArrayList<>();

    @AfterEach
    void noSecretIsPrinted() {
        for (String text : printed) {
            assertFalse(text.contains(Environment.SECRET), text);
            assertFalse(text.contains(InMemoryFunction.SERVICE_TOKEN), text);
            assertFalse(text.contains("canary-header"), text);
            assertFalse(text.contains("eyJ"), text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesTheCheckThatAFaultOfTheTokenFails(Fault fault) {
        assertEquals(1, explain(event(tokens.access(fault.change))));

        assertEquals(List.of(fault.check.title()), failed());
    }

    @Test
    void ofTwoFaultsTheFunctionReportsTheOneThatIsCheckedFirst() {
        for (Fault first : Fault.values()) {
            for (Fault second : Fault.values()) {
                if (first.ordinal() < second.ordinal()) {
                    explain(
                            event(
                                    tokens.access(claims ->
                                            second.change.apply(first.change.apply(claims)))));

                    assertEquals(List.of(first.check.title()), failed(), first + " " + second);
                }
            }
        }
    }

    @Test
    void theOrderOfTheChecksIsThatOfTheFaults() {
        List<Integer> places =
                Stream.of(Fault.values()).map(fault -> fault.check.ordinal()).toList();

        assertEquals(places.stream().sorted().toList(), places);
    }

    @Test
    void aTokenOfAnUnknownKeyFailsAfterItsClaims() {
        String token = tokens.signedWith(SigningKey.generate("other")).access();

        assertEquals(1, explain(event(token)));
        assertEquals(List.of("kid"), failed());
        assertTrue(last().contains("kid other; published: canary+key/1="), last());
    }

    @Test
    void aTokenThatAnotherKeySignedFailsAtItsSignature() {
        SigningKey other = SigningKey.generate(InMemoryFunction.KEY.kid());

        assertEquals(1, explain(event(tokens.signedWith(other).access())));
        assertEquals(List.of("signature"), failed());
    }

    @Test
    void aHeaderThatIsMissingIsNamed() {
        byte[] event = Events.rest(tokens.access(), Events.withoutHeader("X-Tenant-Id"));

        assertEquals(1, explain(event));
        assertEquals(List.of("validated headers"), failed());
        assertTrue(last().contains("no X-Tenant-Id, or an empty one"), last());
    }

    @Test
    void aHeaderOfDifferentValuesIsNamedWithoutThem() {
        byte[] event =
                Events.rest(
                        tokens.access(),
                        Events.header("X-Tenant-Id", "canary-header-1", "canary-header-2"));

        assertEquals(1, explain(event));
        assertEquals(List.of("validated headers"), failed());
    }

    @Test
    void severalAuthorizationHeadersFailBeforeTheToken() {
        byte[] event =
                Events.rest(
                        tokens.access(),
                        Events.header("Authorization", "Bearer " + tokens.access(), "Bearer b"));

        assertEquals(1, explain(event));
        assertEquals(List.of("Authorization"), failed());
    }

    @Test
    void theServicesReasonIsShown() {
        network.http.on(VALIDATION, "{\"allowed\":false,\"reason\":\"No such tenant.\"}");

        assertEquals(1, explain(event(tokens.access())));
        assertEquals(List.of("validation service"), failed());
        assertTrue(last().contains("refused: No such tenant."), last());
    }

    @Test
    void everyCheckOfAnAllowedRequestIsPassed() {
        assertEquals(0, explain(event(tokens.access())));

        assertEquals(List.of(), failed());
        assertFalse(last().contains("not checked"), last());
        assertTrue(last().contains("API Gateway allows arn:aws:execute-api"), last());
        assertFalse(last().contains("What would have to change"), last());
    }

    @Test
    void eachRequestIsShownWithItsPeerAndItsResult() {
        explain(event(tokens.access()));

        assertTrue(last().contains("keys of the issuer, " + KEYS + ": 200"), last());
        assertTrue(last().contains("token endpoint, " + LOGIN + ": 200"), last());
        assertTrue(last().contains("validation service, " + VALIDATION + ": 200"), last());
    }

    @ParameterizedTest
    @ValueSource(strings = {KEYS, LOGIN, VALIDATION})
    void aPeerThatFailsLeavesTheDecisionOpen(String host) {
        network.http.down(host);

        assertEquals(2, explain(event(tokens.access())));

        Map<String, String> checks =
                Map.of(KEYS, "kid", LOGIN, "service token", VALIDATION, "validation service");
        assertEquals(List.of(checks.get(host)), failed());
        assertTrue(last().contains("connection refused"), last());
        assertTrue(last().contains("API Gateway answers 500 and caches nothing."), last());
    }

    @Test
    void anEventOfAnotherKindIsNotDecided() {
        assertEquals(2, explain("{\"type\":\"TOKEN\"}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of("event"), failed());
    }

    @Test
    void unauthorizedIsARefusal() {
        assertEquals(
                1,
                explain(
                        event(tokens.access(Tokens.with("exp", 1))),
                        "InvalidTokenResponse",
                        "unauthorized"));
        assertTrue(last().contains("API Gateway answers 401 and caches nothing."), last());
    }

    @Test
    void anAllowThatDeniesTheRouteIsARefusal() {
        int status =
                explain(
                        event(tokens.access()),
                        "ScopeRules",
                        "{\"GET /orders/*\": [\"orders/admin\"]}");

        assertEquals(1, status);
        assertEquals(List.of(), failed());
        assertTrue(last().contains("Deny  arn:aws:execute-api"), last());
        assertTrue(last().contains("a scope of the route in ScopeRules"), last());
    }

    @Test
    void noTextOfTheCallerControlsTheTerminal() {
        explain(event(tokens.access(Tokens.with("client_id", "a\u001b[2Jb\u202e"))));

        assertTrue(last().contains("client_id a\\u001b[2Jb\\u202e"), last());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest", "http-v1", "http-v2", "websocket-connect"})
    void eachKindOfEventIsExplained(String kind) {
        assertEquals(0, explain(Events.file(kind, tokens.access())));
    }

    @Test
    void eachSampleEventIsExplainedWithTheReasonOfItsPolicy() {
        for (String sample :
                List.of(
                        "rest-duplicate-header",
                        "rest-no-token",
                        "rest-nulls",
                        "rest-refused-header")) {
            byte[] event = Events.file(sample, tokens.access());
            ExplainedFunction function = function();
            ExplainedFunction.Result result = function.handle(event, Duration.ofSeconds(9));

            explain(event);

            String reason =
                    result.answer().orElseThrow().path("context").path("reason").asText("allowed");
            assertTrue(last().contains(", " + reason + ", in "), sample + last());
        }
    }

    @Test
    void everyReasonOfARefusalOrAnErrorHasARemedy() {
        for (Reason reason : EnumSet.complementOf(EnumSet.of(Reason.ALLOWED))) {
            assertTrue(Check.remedy(reason).endsWith("."), reason.name());
        }
    }

    @Test
    void everyCheckFailsForAReason() {
        Set<Check> checks = EnumSet.noneOf(Check.class);
        for (Reason reason : Reason.values()) {
            IntStream.range(0, 4)
                    .forEach(bits ->
                            Check.failing(reason, bits % 2 == 1, bits > 1).ifPresent(checks::add));
        }

        assertEquals(EnumSet.allOf(Check.class), checks);
    }

    /** Tokens that break one rule of the form. */
    private enum Malformed {
        ONE_PART(t -> "abc", "1 part; "),
        FOUR_PARTS(t -> t.access() + ".a", "4 parts; "),
        LONG(t -> "a".repeat(12_289), "it has 12289 characters"),
        NOT_BASE64(t -> t.access() + "=", "its signature is not canonical base64url"),
        NO_JSON(
                t -> "YQ." + t.access().split("\\.")[1] + ".YQ",
                "its header is not one JSON object"),
        NO_KEY_ID(t -> withHeader(t, "{\"alg\":\"RS256\"}"), "no kid that is a string"),
        CRITICAL(
                t -> withHeader(t, "{\"alg\":\"RS256\",\"kid\":\"k\",\"crit\":[\"b64\"]}"),
                "its header has crit"),
        NO_SUBJECT(t -> t.access(Tokens.without("sub")), "it has no sub"),
        NO_END(t -> t.access(Tokens.without("exp")), "it has no exp"),
        WRONG_TYPE(t -> t.access(Tokens.with("exp", "tomorrow")), "a claim has a wrong type");

        private static String withHeader(Tokens tokens, String header) {
            return Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(header.getBytes(StandardCharsets.US_ASCII))
                    + tokens.access().replaceFirst("[^.]+", "");
        }

        private final Function<Tokens, String> token;
        private final String text;

        Malformed(Function<Tokens, String> token, String text) {
            this.token = token;
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRuleOfTheFormThatATokenBreaksIsNamed(Malformed malformed) {
        assertEquals(1, explain(event(malformed.token.apply(tokens))));

        assertEquals(List.of("form of the token"), failed());
        assertTrue(last().contains(malformed.text), last());
    }

    private static byte[] event(String token) {
        return Events.rest(token, "X-Tenant-Id", "canary-header");
    }

    private int explain(byte[] event, String... settings) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int status =
                Explain.explain(
                        function(settings),
                        event,
                        network.clock.instant(),
                        new PrintStream(bytes, true, StandardCharsets.UTF_8));
        printed.add(bytes.toString(StandardCharsets.UTF_8));
        return status;
    }

    private ExplainedFunction function(String... settings) {
        String[] all =
                Stream.concat(Stream.of(SETTINGS), Stream.of(settings)).toArray(String[]::new);
        return ExplainedFunction.of(Environment.with(all), network.http, network.clock);
    }

    private String last() {
        return printed.getLast();
    }

    /** The titles of the checks that failed. */
    private List<String> failed() {
        return last().lines()
                .filter(line -> line.startsWith("  FAIL "))
                .map(line -> line.substring(8, 28).strip())
                .toList();
    }
}
