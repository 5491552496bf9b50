package authoriser.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.decision.Decision;
import authoriser.decision.Outcome;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.ExecuteApiArn;
import authoriser.event.Headers;
import authoriser.event.Requests;
import authoriser.invocation.Invocation;
import authoriser.json.Json;
import authoriser.reason.Reason;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import authoriser.token.BearerToken;
import authoriser.token.OverdueKeys;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryLineTest {
    private static final String NAMESPACE = "CognitoRequestAuthoriser/orders-authoriser";
    private static final List<List<String>> BY_OUTCOME_AND_REASON =
            List.of(List.of("outcome"), List.of("outcome", "reason"));
    private static final List<List<String>> ALTOGETHER = List.of(List.of());

    private final ManualClock clock = ManualClock.at("2026-11-24T04:00:00.123Z");
    private Optional<OverdueKeys> overdueKeys = Optional.empty();
    private final TelemetryLine telemetry = telemetry(new Config.Logging(1, Set.of(), 0));
    private final VerifiedToken user = VerifiedTokens.user(List.of("orders/read"), List.of());

    @Test
    void hasTheCallerAndTheOutcome() throws IOException {
        EmfLine line = line(new Decision.Allow(user, Map.of("plan", "gold")), validated(), true);

        assertEquals(
                List.of(
                        "requestId",
                        "apiRequestId",
                        "traceId",
                        "functionVersion",
                        "outcome",
                        "reason",
                        "subject",
                        "clientId",
                        "tokenMs",
                        "serviceTokenMs",
                        "Decisions",
                        "DecisionLatency",
                        "ValidationLatency",
                        "ColdStart",
                        "Thrown",
                        "Refused"),
                line.names());
        assertEquals("a-request-id", line.text("requestId"));
        assertEquals("the-callers-id", line.text("apiRequestId"));
        assertEquals("7", line.text("functionVersion"));
        assertEquals("1-a-b", line.text("traceId"));
        assertEquals("allow", line.text("outcome"));
        assertEquals("allowed", line.text("reason"));
        assertEquals(VerifiedTokens.SUBJECT, line.text("subject"));
        assertEquals(VerifiedTokens.CLIENT_ID, line.text("clientId"));
        assertEquals(1, line.root().get("ColdStart").intValue());
    }

    /** Lambda's own metrics have the time of the start of an invocation. */
    @Test
    void hasTheTimeOfTheStartOfTheInvocation() throws IOException {
        long start = clock.millis();
        Invocation invocation = validated();
        clock.advance(Duration.ofMillis(2_100));

        EmfLine line = line(new Decision.Allow(user, Map.of()), invocation, false);

        assertEquals(start, line.root().at("/_aws/Timestamp").longValue());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsAnErrorThatTheCodeThrows(boolean thrown) throws IOException {
        EmfLine line =
                EmfLine.parse(
                        telemetry.write(
                                new Decision.Unauthenticated(Reason.TOKEN_EXPIRED),
                                Optional.empty(),
                                invocation(),
                                "a-request-id",
                                false,
                                thrown));

        assertEquals(thrown ? 1 : 0, line.root().get("Thrown").intValue());
    }

    @Test
    void hasSixMetrics() throws IOException {
        EmfLine line = line(new Decision.Allow(user, Map.of()), validated(), true);

        assertEquals(
                List.of(
                        metric(line, "Decisions", "None", BY_OUTCOME_AND_REASON),
                        metric(line, "DecisionLatency", "Milliseconds", ALTOGETHER),
                        metric(line, "ValidationLatency", "Milliseconds", ALTOGETHER),
                        metric(line, "ColdStart", "None", ALTOGETHER),
                        metric(line, "Thrown", "None", ALTOGETHER),
                        metric(line, "Refused", "None", ALTOGETHER)),
                line.metrics());
        assertEquals(1, line.root().get("Decisions").intValue());
        assertEquals(1, line.root().get("ColdStart").intValue());
    }

    /** A latency of 0 without a call would reduce the average. */
    @Test
    void hasNoValidationLatencyWithoutAValidation() throws IOException {
        EmfLine line =
                line(new Decision.Unauthenticated(Reason.TOKEN_MISSING), invocation(), false);

        assertEquals(
                List.of("Decisions", "DecisionLatency", "ColdStart", "Thrown", "Refused"),
                line.metrics().stream().map(EmfLine.Metric::name).toList());
        assertFalse(line.root().has("ValidationLatency"));
        assertEquals(0, line.root().get("ColdStart").intValue());
    }

    @Test
    void hasTheAgeOfOverdueKeys() throws IOException {
        overdueKeys = Optional.of(new OverdueKeys(7_200, "issuer.example: status 503"));

        EmfLine line = line(new Decision.Allow(user, Map.of()), validated(), false);

        assertEquals(7_200, line.root().get("KeyAge").intValue());
        assertEquals("issuer.example: status 503", line.text("keyRenewal"));
        assertTrue(line.metrics().contains(metric(line, "KeyAge", "Seconds", ALTOGETHER)));
        assertEquals(7, line.metrics().size());
    }

    @ParameterizedTest
    @EnumSource
    void hasTheOutcomeAsDimension(Outcome outcome) throws IOException {
        Decision decision =
                switch (outcome) {
                    case ALLOW -> new Decision.Allow(user, Map.of());
                    case UNAUTHENTICATED -> new Decision.Unauthenticated(Reason.TOKEN_EXPIRED);
                    case FORBIDDEN ->
                            new Decision.Forbidden(
                                    Optional.of(user), Reason.HEADER_MISSING, "no header");
                    case UNDECIDED ->
                            new Decision.Undecided(
                                    Optional.of(user), Reason.TIME_OUT, "host: too slow");
                };

        EmfLine line = line(decision, invocation(), false);

        assertEquals(outcome.code(), line.text("outcome"));
        assertEquals(decision.reason().code(), line.text("reason"));
        assertEquals(decision.caller().isPresent(), line.root().has("subject"));
        assertEquals(decision.caller().isPresent(), line.root().has("clientId"));
        assertEquals(
                outcome == Outcome.UNAUTHENTICATED || outcome == Outcome.FORBIDDEN ? 1 : 0,
                line.root().get("Refused").intValue());
    }

    @Test
    void hasOneOfFourOutcomes() {
        assertEquals(
                List.of("allow", "unauthenticated", "forbidden", "undecided"),
                Arrays.stream(Outcome.values()).map(Outcome::code).toList());
    }

    @Test
    void hasADetailOnlyIfUndecided() throws IOException {
        assertEquals(
                "validation.example.com: the status is 503",
                line(
                                new Decision.Undecided(
                                        Optional.empty(),
                                        Reason.VALIDATION_UNAVAILABLE,
                                        "validation.example.com: the status is 503"),
                                invocation(),
                                false)
                        .text("detail"));
        assertFalse(
                line(
                                new Decision.Forbidden(
                                        Optional.of(user),
                                        Reason.VALIDATION_REFUSED,
                                        "the service's own words"),
                                invocation(),
                                false)
                        .root()
                        .toString()
                        .contains("own words"));
        assertFalse(
                line(
                                new Decision.Allow(user, Map.of("plan", "the service's context")),
                                invocation(),
                                false)
                        .root()
                        .toString()
                        .contains("context"));
    }

    @Test
    void omitsUnknownValues() throws IOException {
        Invocation untraced = new Invocation(deadline(), Optional.empty());

        EmfLine line =
                EmfLine.parse(
                        telemetry.write(
                                new Decision.Unauthenticated(Reason.TOKEN_USE),
                                Optional.empty(),
                                untraced,
                                "a-request-id",
                                false,
                                false));

        assertFalse(line.root().has("apiRequestId"));
        assertFalse(line.root().has("traceId"));
        assertFalse(line.root().has("subject"));
        assertFalse(line.root().has("detail"));
    }

    @Test
    void isOneLineWithAnyTextInTheToken() throws IOException {
        String hostile = "a\nb\r\u2028\u0000\"}{\"outcome\":\"allow\"\\\ud83d\ude00";
        VerifiedToken token =
                VerifiedTokens.of(hostile, Optional.of(hostile), List.of(), List.of(), 1);

        EmfLine line =
                line(
                        new Decision.Forbidden(Optional.of(token), Reason.TOKEN_SCOPE, hostile),
                        invocation(),
                        false);

        assertEquals("forbidden", line.text("outcome"));
        assertEquals(hostile, line.text("subject"));
    }

    @Test
    void writesTimesInMillisecondsWithThreeDecimals() throws IOException {
        EmfLine line = line(new Decision.Allow(user, Map.of()), validated(), false);

        for (String name :
                Set.of("tokenMs", "serviceTokenMs", "DecisionLatency", "ValidationLatency")) {
            double millis = line.root().get(name).doubleValue();
            assertTrue(millis >= 0, name);
            assertEquals(Math.rint(millis * 1e3), millis * 1e3, 1e-6, name);
        }
        double validationMs = line.root().get("ValidationLatency").doubleValue();
        assertTrue(validationMs >= 5 && validationMs < 60_000, () -> validationMs + " ms");
    }

    private TelemetryLine telemetry(Config.Logging logging) {
        return new TelemetryLine("orders-authoriser", "7", logging, () -> overdueKeys);
    }

    @ParameterizedTest
    @CsvSource({
        "Root=1-a-b, 1-a-b",
        "Root=1-a-b;Parent=c;Sampled=0, 1-a-b",
        "Parent=c;Root=1-a-b, Parent=c;Root=1-a-b",
        "other, other"
    })
    void theTraceIdIsTheRootOfTheTraceHeader(String header, String logged) throws IOException {
        Invocation traced = new Invocation(deadline(), Optional.of(header));

        assertEquals(
                logged, line(new Decision.Allow(user, Map.of()), traced, false).text("traceId"));
    }

    @Nested
    class WithOneOfThreeAllows {
        private final TelemetryLine some = telemetry(new Config.Logging(3, Set.of(), 0));
        private final Decision allow = new Decision.Allow(user, Map.of());

        private byte[] write(Decision decision, boolean coldStart) throws IOException {
            return some.write(
                    decision, Optional.empty(), validated(), "a-request-id", coldStart, false);
        }

        private boolean isWritten(Decision decision, boolean coldStart) throws IOException {
            return write(decision, coldStart).length > 0;
        }

        @Test
        void theFirstIsWrittenAndThenEachThird() throws IOException {
            List<Boolean> written = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                written.add(isWritten(allow, false));
            }

            assertEquals(List.of(true, false, false, true, false, false, true), written);
        }

        @Test
        void aLineHasTheMetricsOfThoseThatWereLeftOut() throws IOException {
            write(allow, false);
            write(allow, false);
            write(allow, false);

            EmfLine line = EmfLine.parse(write(allow, false));

            assertEquals(2, line.root().get("skipped").intValue());
            assertEquals(3, line.root().get("Decisions").intValue());
            assertEquals(3, line.root().get("DecisionLatency").size());
            assertEquals(3, line.root().get("ValidationLatency").size());
            assertEquals("[0,0,0]", line.root().get("Thrown").toString());
            assertEquals("[0,0,0]", line.root().get("Refused").toString());
        }

        @Test
        void metricsAreWrittenOnce() throws IOException {
            for (int i = 0; i < 4; i++) {
                write(allow, false);
            }
            clock.advance(Duration.ofMinutes(1));

            EmfLine line = EmfLine.parse(write(allow, false));

            assertFalse(line.root().has("skipped"));
            assertEquals(1, line.root().get("Decisions").intValue());
            assertTrue(line.root().get("DecisionLatency").isNumber());
        }

        @Test
        void refusedAndUndecidedRequestsAreAlwaysWrittenWithTheirOwnMetrics() throws IOException {
            write(allow, false);
            write(allow, false);

            for (Decision decision :
                    List.of(
                            new Decision.Unauthenticated(Reason.TOKEN_EXPIRED),
                            new Decision.Forbidden(
                                    Optional.of(user), Reason.VALIDATION_REFUSED, "no"),
                            new Decision.Undecided(Optional.empty(), Reason.TIME_OUT, "slow"))) {
                EmfLine line = EmfLine.parse(write(decision, false));

                assertEquals(1, line.root().get("Decisions").intValue());
                assertFalse(line.root().has("skipped"));
            }
        }

        @Test
        void aLineIsWrittenAMinuteAfterTheLastOne() throws IOException {
            write(allow, false);
            clock.advance(Duration.ofMinutes(1).minusMillis(1));
            assertFalse(isWritten(allow, false));
            clock.advance(Duration.ofMillis(1));

            assertTrue(isWritten(allow, false));
        }

        @Test
        void aLineIsWrittenAfterTheClockWasSetBack() throws IOException {
            write(allow, false);
            clock.advance(Duration.ofMillis(-1));

            assertTrue(isWritten(allow, false));
        }

        @Test
        void aColdStartIsWritten() throws IOException {
            write(allow, false);

            assertTrue(isWritten(allow, true));
        }

        @Test
        void overdueKeysAreWritten() throws IOException {
            write(allow, false);
            overdueKeys = Optional.of(new OverdueKeys(7_200, "status 503"));

            assertTrue(isWritten(allow, false));
        }

        @Test
        void aServiceThatWasNotAskedHasNoLatency() throws IOException {
            write(allow, false);
            some.write(
                    allow,
                    Optional.empty(),
                    TelemetryLineTest.this.invocation(),
                    "r",
                    false,
                    false);
            clock.advance(Duration.ofMinutes(1));

            EmfLine line = EmfLine.parse(write(allow, false));

            assertEquals(1, line.root().get("ValidationLatency").size());
            assertEquals(2, line.root().get("DecisionLatency").size());
        }
    }

    @Nested
    class WithDebugDetail {
        private final VerifiedToken caller =
                VerifiedTokens.user(List.of("orders/read"), List.of("clerks"));
        private final AccessRequest request =
                new AccessRequest(
                        new ExecuteApiArn(
                                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod"),
                        new Credential.Bearer(new BearerToken("canary.canary.canary")),
                        new Headers.Complete(Map.of("x-tenant-id", "canary")));

        private JsonNode debug(Config.Logging logging, Decision decision, String requestId)
                throws IOException {
            byte[] line =
                    telemetry(logging)
                            .write(
                                    decision,
                                    Optional.of(request),
                                    validated(),
                                    requestId,
                                    false,
                                    false);
            assertFalse(new String(line, UTF_8).contains("canary"));
            return EmfLine.parse(line).root().path("debug");
        }

        private Decision allow() {
            return new Decision.Allow(
                    caller,
                    Map.of("plan", "canary"),
                    Optional.of(new Secret("canary-usage-identifier-key")));
        }

        @ParameterizedTest
        @ValueSource(strings = {VerifiedTokens.SUBJECT, VerifiedTokens.CLIENT_ID})
        void theLinesOfACallerHaveIt(String named) throws IOException {
            JsonNode debug = debug(new Config.Logging(1, Set.of(named), 0), allow(), "r");

            assertEquals("{\"x-tenant-id\":6}", debug.path("headerLengths").toString());
            assertEquals(20, debug.path("tokenLength").intValue());
            assertEquals(caller.issuer(), debug.path("issuer").asText());
            assertEquals(
                    caller.expiresAt() - clock.millis() / 1_000,
                    debug.path("expiresInSeconds").longValue());
            assertEquals("[\"orders/read\"]", debug.path("scopes").toString());
            assertEquals("[\"clerks\"]", debug.path("groups").toString());
            assertEquals("[\"plan\"]", debug.path("contextKeys").toString());
            assertTrue(debug.path("usageIdentifierKey").booleanValue());
        }

        @Test
        void theLinesOfOthersLackIt() throws IOException {
            Config.Logging logging = new Config.Logging(1, Set.of("someone-else"), 0);

            assertTrue(debug(logging, allow(), "r").isMissingNode());
            assertTrue(
                    debug(logging, new Decision.Unauthenticated(Reason.TOKEN_EXPIRED), "r")
                            .isMissingNode());
        }

        @Test
        void aShareOfTheRequestsHasIt() throws IOException {
            Config.Logging logging = new Config.Logging(1, Set.of(), 20);
            int with = 0;
            for (int i = 0; i < 1_000; i++) {
                String id = new UUID(i * 0x9E3779B97F4A7C15L, i * 0xC2B2AE3D27D4EB4FL).toString();
                with += debug(logging, allow(), id).isMissingNode() ? 0 : 1;
            }

            assertTrue(with > 150 && with < 250, with + " of 1,000");
        }

        @Test
        void everyRequestHasItAtAHundredPercent() throws IOException {
            Config.Logging logging = new Config.Logging(1, Set.of(), 100);

            assertEquals(
                    20,
                    debug(logging, new Decision.Unauthenticated(Reason.TOKEN_EXPIRED), "r")
                            .path("tokenLength")
                            .intValue());
        }

        @Test
        void anAllowWithItIsAlwaysWritten() throws IOException {
            Config.Logging logging = new Config.Logging(100, Set.of(VerifiedTokens.SUBJECT), 0);
            TelemetryLine lines = telemetry(logging);

            for (int i = 0; i < 3; i++) {
                assertTrue(
                        lines.write(allow(), Optional.of(request), validated(), "r", false, false)
                                        .length
                                > 0);
            }
        }

        @Test
        void aListIsCutAfterTwentyEntries() throws IOException {
            List<String> groups = IntStream.range(0, 21).mapToObj(i -> "group-" + i).toList();
            Decision decision =
                    new Decision.Forbidden(
                            Optional.of(VerifiedTokens.user(List.of(), groups)),
                            Reason.TOKEN_SCOPE,
                            "no");

            JsonNode debug = debug(new Config.Logging(1, Set.of(), 100), decision, "r");

            assertEquals(20, debug.path("groups").size());
        }
    }

    private EmfLine.Metric metric(
            EmfLine line, String name, String unit, List<List<String>> dimensions) {
        return new EmfLine.Metric(
                NAMESPACE, name, unit, List.of(line.root().get(name).doubleValue()), dimensions);
    }

    private EmfLine line(Decision decision, Invocation invocation, boolean coldStart)
            throws IOException {
        return EmfLine.parse(
                telemetry.write(
                        decision,
                        Optional.of(Requests.withId("the-callers-id")),
                        invocation,
                        "a-request-id",
                        coldStart,
                        false));
    }

    private Invocation invocation() {
        return new Invocation(deadline(), Optional.of("Root=1-a-b"));
    }

    /** An invocation with 5 ms in the validation service. */
    private Invocation validated() {
        Invocation invocation = invocation();
        invocation.spent(Invocation.Stage.VALIDATION, System.nanoTime() - 5_000_000);
        return invocation;
    }

    private Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(3), clock);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.000",
        "999, 0.000",
        "1000, 0.001",
        "999999, 0.999",
        "1000000, 1.000",
        "1234567890123, 1234567.890",
        "9223372036854775807, 9223372036854.775"
    })
    void writesDurationsInMillisecondsWithThreeDecimals(long nanos, String millis)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            TelemetryLine.writeMillis(json, "ms", nanos);
            json.writeEndObject();
        }

        assertEquals("{\"ms\":" + millis + "}", text.toString(UTF_8));
    }
}
