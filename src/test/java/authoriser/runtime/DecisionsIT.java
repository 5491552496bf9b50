package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.Events;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision for each kind of request, in one process with stand-ins over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final World world = Refusals.setUp(World.overTls());

    @BeforeAll
    void start() {
        world.start();
    }

    @AfterAll
    void end() {
        world.close();
    }

    private enum Shape {
        REST("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod") {
            @Override
            byte[] event(String token, String... headers) {
                return Events.rest(token, headers);
            }
        },
        HTTP_1("arn:aws:execute-api:eu-west-1:123456789012:h1t2t3p4a5/$default") {
            @Override
            byte[] event(String token, String... headers) {
                return Events.httpV1(token, headers);
            }
        },
        HTTP_2("arn:aws:execute-api:eu-west-1:123456789012:h1t2t3p4a5/$default") {
            @Override
            byte[] event(String token, String... headers) {
                return Events.httpV2(token, headers);
            }
        },
        WEBSOCKET("arn:aws:execute-api:eu-west-1:123456789012:w1e2b3s4o5/prod") {
            @Override
            byte[] event(String token, String... headers) {
                return Events.websocket(token, headers);
            }
        };

        private final String stage;

        Shape(String stage) {
            this.stage = stage;
        }

        abstract byte[] event(String token, String... headers);

        /** The resources of an Allow with route rules, as JSON. */
        String allowed() {
            return this == WEBSOCKET
                    ? "\"STAGE/*\""
                    : "[\"STAGE/GET/*\",\"STAGE/HEAD/*\",\"STAGE/POST/*\",\"STAGE/PUT/*\","
                            + "\"STAGE/PATCH/*\",\"STAGE/DELETE/*\",\"STAGE/OPTIONS/*\"]";
        }
    }

    @ParameterizedTest
    @EnumSource
    void allowsOnTheWholeStageUntilTheTokenEnds(Shape shape) throws JsonProcessingException {
        Instant end = Instant.now().plusSeconds(1_800).truncatedTo(ChronoUnit.SECONDS);
        String token = world.tokens.access(Tokens.expiringAt(end));

        Outcome outcome =
                world.invoke(
                        shape.event(token, "X-Tenant-Id", "tenant-of-4711", "X-Channel", "mobile"));

        assertEquals(
                json(
                        """
                        {"principalId": "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
                         "policyDocument": {
                           "Version": "2012-10-17",
                           "Statement": [
                             {"Effect": "Allow",
                              "Action": "execute-api:Invoke",
                              "Resource": ALLOWED,
                              "Condition": {"DateLessThan": {"aws:CurrentTime": "END"}}},
                             {"Effect": "Deny",
                              "Action": "execute-api:Invoke",
                              "Resource": ["STAGE/GET/admin/*"]}]},
                         "context": {
                           "subject": "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
                           "issuer": "ISSUER",
                           "username": "jane.doe",
                           "clientId": "3n4b5urk1ft4fl3mg5e62d9ado",
                           "scope": "openid orders/read",
                           "groups": "clerks,night-shift",
                           "expiresAt": "SECONDS",
                           "plan": "gold",
                           "dailyLimit": "500",
                           "trial": "false"}}
                        """
                                .replace("ALLOWED", shape.allowed())
                                .replace("STAGE", shape.stage)
                                .replace("ISSUER", world.tokens.issuer())
                                .replace("END", end.toString())
                                .replace("SECONDS", Long.toString(end.getEpochSecond()))),
                outcome.json());
        assertEquals(
                json(
                        """
                        {"principal": {
                           "issuer": "ISSUER",
                           "subject": "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
                           "username": "jane.doe",
                           "clientId": "3n4b5urk1ft4fl3mg5e62d9ado",
                           "scopes": ["openid", "orders/read"],
                           "groups": ["clerks", "night-shift"]},
                         "headers": {"x-tenant-id": "tenant-of-4711", "x-channel": "mobile"}}
                        """
                                .replace("ISSUER", world.tokens.issuer())),
                world.validation.questions().getLast());
    }

    @ParameterizedTest
    @MethodSource
    void deniesOnTheWholeStageWithTheReason(Refusals.Refusal refusal)
            throws JsonProcessingException {
        Outcome outcome = world.invoke(refusal.event());

        assertEquals(refusal.reason(), World.decision(outcome));
        assertEquals(
                json(
                        """
                        {"Version": "2012-10-17",
                         "Statement": [
                           {"Effect": "Deny",
                            "Action": "execute-api:Invoke",
                            "Resource": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*"}]}
                        """),
                outcome.json().path("policyDocument"));
    }

    Stream<Refusals.Refusal> deniesOnTheWholeStageWithTheReason() {
        return Stream.of(Refusals.unauthenticated(world), Refusals.forbidden(world))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource
    void returnsATemporaryRefusalAsAnErrorThatIsNotCached(Refusals.Refusal refusal) {
        assertEquals(World.UNAUTHORIZED, World.decision(world.invoke(refusal.event())));
    }

    Stream<Refusals.Refusal> returnsATemporaryRefusalAsAnErrorThatIsNotCached() {
        return Refusals.temporary(world).stream();
    }

    @Test
    void ignoresAndDoesNotRepeatTheClaimsOfAForgedToken() {
        String claimed = World.unique("somebody-else");
        world.leaks.secret(claimed);
        SigningKey own = SigningKey.generate(World.KEY.kid());

        String forged = world.tokens.signedWith(own).access(Tokens.with("sub", claimed));

        assertEquals("token_signature", world.decide(forged));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "42",
                "\"text\"",
                "{",
                "{}",
                "no JSON at all",
                "{\"type\":\"REQUEST\"}",
                "{\"type\":\"REQUEST\",\"methodArn\":null}",
                "{\"type\":\"REQUEST\",\"methodArn\":\"arn:aws:s3:::bucket/key\"}",
                "{\"type\":\"REQUEST\",\"methodArn\":{\"an\":\"object\"},\"headers\":[1,{}]}",
                "{\"type\":\"TOKEN\",\"authorizationToken\":\"Bearer abc\",\"methodArn\":"
                        + "\"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x\"}"
            })
    void returnsAnErrorForAnInvalidEvent(String event) {
        Outcome outcome = world.invoke(event.getBytes(StandardCharsets.UTF_8));

        assertEquals(World.undecided("event_malformed"), World.decision(outcome));
    }

    @Test
    void returnsAnErrorWithItsReasonAndWithoutStackTrace() throws JsonProcessingException {
        Outcome outcome = world.invoke("{}".getBytes(StandardCharsets.UTF_8));

        assertEquals("Runtime.UserException", ((Errored) outcome).type());
        assertEquals(
                json(
                        """
                        {"errorMessage": "Undecided: event_malformed",
                         "errorType": "authoriser.policy.Undecided",
                         "stackTrace": []}
                        """),
                outcome.json());
    }

    @Test
    void allowsATokenOfEightKilobytes() {
        String scopes =
                String.join(
                        " ",
                        IntStream.range(0, 500).mapToObj("res/scope-%03d"::formatted).toList());
        String token =
                world.tokens.access(
                        Tokens.with("scope", "orders/read " + scopes.substring(0, 5_100)));
        assertTrue(token.length() > 7_700 && token.length() <= 8 * 1024, () -> "" + token.length());

        Outcome outcome = world.invoke(World.request(token));

        assertEquals(World.ALLOW, World.decision(outcome));
        assertTrue(outcome.body().length <= 8 * 1024, () -> "" + outcome.body().length);
    }

    @Test
    void returnsAnErrorForAContextThatIsTooLong() {
        world.validation
                .validate()
                .next(
                        StandInReply.json(
                                "{\"allowed\":true,\"context\":{\"much\":\""
                                        + "x".repeat(8_192)
                                        + "\"}}"));

        assertEquals(World.undecided("answer_too_large"), world.decide());
    }

    @Test
    void passesOnTheTrace() {
        String trace = "Root=1-69a1c2d3-4b5c6d7e8f90a1b2c3d4e5f6;Parent=53995c3f42cd8ad8;Sampled=1";

        world.invoke(
                World.request(world.tokens.access()),
                World.LIMIT,
                UUID.randomUUID().toString(),
                trace);

        ReceivedRequest asked = world.validation.validate().requests().getLast();
        assertEquals(List.of(trace), asked.headerValues("X-Amzn-Trace-Id"));
    }

    @Test
    void sendsNoUsernameForAMachine() {
        Outcome outcome =
                world.invoke(
                        World.request(
                                world.tokens.machine(claims -> {
                                    claims.put("client_id", Tokens.CLIENT_ID);
                                    claims.put("cognito:groups", List.of("clerks"));
                                    return claims;
                                })));

        assertAll(
                () -> assertEquals(World.ALLOW, World.decision(outcome)),
                () -> assertTrue(outcome.json().at("/context/username").isMissingNode()),
                () -> assertEquals("clerks", outcome.json().at("/context/groups").asText()));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }
}
