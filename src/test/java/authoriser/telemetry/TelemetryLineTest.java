package authoriser.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.decision.Decision;
import authoriser.decision.Outcome;
import authoriser.invocation.Invocation;
import authoriser.json.Json;
import authoriser.local.ManualClock;
import authoriser.reason.Reason;
import authoriser.time.Deadline;
import authoriser.token.OverdueKeys;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final TelemetryLine telemetry =
            new TelemetryLine("orders-authoriser", "7", () -> overdueKeys);
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
                        "coldStart",
                        "tokenMs",
                        "serviceTokenMs",
                        "validationMs",
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
        assertEquals("Root=1-a-b", line.text("traceId"));
        assertEquals("allow", line.text("outcome"));
        assertEquals("allowed", line.text("reason"));
        assertEquals(VerifiedTokens.SUBJECT, line.text("subject"));
        assertEquals(VerifiedTokens.CLIENT_ID, line.text("clientId"));
        assertEquals("true", line.text("coldStart"));
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
                                invocation(),
                                "a-request-id",
                                Optional.empty(),
                                false,
                                thrown));

        assertEquals(thrown ? 1 : 0, line.root().get("Thrown").intValue());
    }

    @Test
    void hasSixMetrics() throws IOException {
        EmfLine line = line(new Decision.Allow(user, Map.of()), validated(), true);

        assertEquals(
                List.of(
                        metric(line, "Decisions", "Count", BY_OUTCOME_AND_REASON),
                        metric(line, "DecisionLatency", "Milliseconds", ALTOGETHER),
                        metric(line, "ValidationLatency", "Milliseconds", ALTOGETHER),
                        metric(line, "ColdStart", "Count", ALTOGETHER),
                        metric(line, "Thrown", "Count", ALTOGETHER),
                        metric(line, "Refused", "Count", ALTOGETHER)),
                line.metrics());
        assertEquals(1, line.root().get("Decisions").intValue());
        assertEquals(1, line.root().get("ColdStart").intValue());
        assertEquals(
                line.root().get("validationMs").doubleValue(),
                line.root().get("ValidationLatency").doubleValue());
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
                                untraced,
                                "a-request-id",
                                Optional.empty(),
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
                Set.of(
                        "tokenMs",
                        "serviceTokenMs",
                        "validationMs",
                        "DecisionLatency",
                        "ValidationLatency")) {
            double millis = line.root().get(name).doubleValue();
            assertTrue(millis >= 0, name);
            assertEquals(Math.rint(millis * 1e3), millis * 1e3, 1e-6, name);
        }
        double validationMs = line.root().get("validationMs").doubleValue();
        assertTrue(validationMs >= 5 && validationMs < 60_000, () -> validationMs + " ms");
    }

    private EmfLine.Metric metric(
            EmfLine line, String name, String unit, List<List<String>> dimensions) {
        return new EmfLine.Metric(
                NAMESPACE, name, unit, line.root().get(name).doubleValue(), dimensions);
    }

    private EmfLine line(Decision decision, Invocation invocation, boolean coldStart)
            throws IOException {
        return EmfLine.parse(
                telemetry.write(
                        decision,
                        invocation,
                        "a-request-id",
                        Optional.of("the-callers-id"),
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
