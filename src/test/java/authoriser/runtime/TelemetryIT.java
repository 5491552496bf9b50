package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.Events;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One line for each invocation, the same in each log format of Lambda. */
class TelemetryIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A number of milliseconds. */
    private static final Set<String> TIMES =
            Set.of("tokenMs", "serviceTokenMs", "DecisionLatency", "ValidationLatency");

    @ParameterizedTest
    @CsvSource({"TEXT,false", "JSON,false", "TEXT,true", "JSON,true"})
    void writesOneLineForEachInvocation(String format, boolean descriptor) throws Exception {
        try (World world = World.overHttp().set("AWS_LAMBDA_LOG_FORMAT", format)) {
            if (descriptor) {
                world.withLogDescriptor();
            }
            world.set("InvalidTokenResponse", "unauthorized").start();

            invoke(world, "1-allowed", World.request(world.tokens.access()));
            invoke(world, "2-bad-token", World.request("no.token.of-anybody"));
            invoke(
                    world,
                    "3-refused",
                    Events.rest(
                            world.tokens.access(), "X-Tenant-Id", World.unique("blocked-tenant")));
            world.validation.validate().always(StandInReply.status(503));
            invoke(world, "4-failed", World.request(world.tokens.access()));
            world.validation.validate().usually();
            invoke(world, "5-no-event", "{}".getBytes(StandardCharsets.UTF_8));

            String host = world.validation.url().replaceAll("http://|/.*", "");
            Printed printed = world.end();
            assertEquals(
                    List.of(
                            expected("1-allowed", "allow", "allowed", "", true, true),
                            expected(
                                    "2-bad-token",
                                    "unauthenticated",
                                    "token_malformed",
                                    "",
                                    false,
                                    false),
                            expected(
                                    "3-refused", "forbidden", "validation_refused", "", true, true),
                            expected(
                                    "4-failed",
                                    "undecided",
                                    "validation_unavailable",
                                    host + ": the status is 503",
                                    true,
                                    true),
                            expected(
                                    "5-no-event",
                                    "undecided",
                                    "event_malformed",
                                    "no request of an API in the event",
                                    false,
                                    false)),
                    printed.lines().stream().map(TelemetryIT::withoutTimes).toList());
            assertEquals(
                    List.of(
                            "Unauthorized",
                            "Undecided: validation_unavailable",
                            "Undecided: event_malformed"),
                    printed.errors());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsNoSecretInTheOutput(boolean descriptor) {
        World world = World.overHttp();
        if (descriptor) {
            world.withLogDescriptor();
        }
        world.start();
        assertEquals(World.ALLOW, world.decide());
        world.leaks.secret(Tokens.SUBJECT); // this text may be printed

        AssertionError found = assertThrows(AssertionError.class, world::close);

        assertEquals("expected: <[]> but was: <[a secret]>", found.getMessage());
    }

    private static void invoke(World world, String requestId, byte[] event) {
        world.invoke(event, World.LIMIT, requestId, "Root=1-69a1c2d3-" + requestId);
    }

    private static JsonNode expected(
            String requestId,
            String outcome,
            String reason,
            String detail,
            boolean caller,
            boolean validated)
            throws Exception {
        boolean cold = requestId.startsWith("1");
        boolean refused = outcome.equals("unauthenticated") || outcome.equals("forbidden");
        // an invalid token gets 401 here
        boolean thrown = outcome.equals("unauthenticated") || outcome.equals("undecided");
        ObjectNode line =
                (ObjectNode)
                        JSON.readTree(
                                """
                                {"_aws": {"CloudWatchMetrics": [
                                   {"Namespace": "CognitoRequestAuthoriser/cognito-request-authoriser",
                                    "Dimensions": [["outcome"], ["outcome", "reason"]],
                                    "Metrics": [{"Name": "Decisions"}]},
                                   {"Namespace": "CognitoRequestAuthoriser/cognito-request-authoriser",
                                    "Dimensions": [[]],
                                    "Metrics": [
                                      {"Name": "DecisionLatency", "Unit": "Milliseconds"},
                                      VALIDATION
                                      {"Name": "ColdStart"},
                                      {"Name": "Thrown"},
                                      {"Name": "Refused"}]}]},
                                 "functionVersion": "$LATEST",
                                 "Decisions": 1, "ColdStart": NUMBER,
                                 "Thrown": THROWN, "Refused": REFUSED}
                                """
                                        .replace(
                                                "VALIDATION",
                                                validated
                                                        ? "{\"Name\":\"ValidationLatency\",\"Unit\":\"Milliseconds\"},"
                                                        : "")
                                        .replace("NUMBER", cold ? "1" : "0")
                                        .replace("THROWN", thrown ? "1" : "0")
                                        .replace("REFUSED", refused ? "1" : "0"));
        line.put("requestId", requestId)
                .put("traceId", "1-69a1c2d3-" + requestId)
                .put("outcome", outcome)
                .put("reason", reason);
        if (!requestId.equals("5-no-event")) {
            line.put("apiRequestId", "0b6f1c9e-7d42-4a35-9f18-5c2e8d7a6b90");
        }
        if (caller) {
            line.put("subject", "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
                    .put("clientId", "3n4b5urk1ft4fl3mg5e62d9ado");
        }
        if (!detail.isEmpty()) {
            line.put("detail", detail);
        }
        return line;
    }

    private static JsonNode withoutTimes(JsonNode line) {
        ObjectNode rest = line.deepCopy();
        ((ObjectNode) rest.path("_aws")).remove("Timestamp");
        for (String name : TIMES) {
            JsonNode time = rest.remove(name);
            assertTrue(
                    time == null ? name.equals("ValidationLatency") : time.doubleValue() >= 0,
                    name);
        }
        return rest;
    }
}
