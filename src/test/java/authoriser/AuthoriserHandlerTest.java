package authoriser;

import static authoriser.InMemoryFunction.KEYS;
import static authoriser.InMemoryFunction.LOGIN;
import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import authoriser.config.Environment;
import authoriser.config.InvalidSettings;
import authoriser.event.RequestEvent;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import authoriser.json.JsonDocument;
import authoriser.policy.CheckedAnswer;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.reason.Reason;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import authoriser.telemetry.EmfLine;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The responses to API Gateway. Each value that must stay secret contains the word canary. Each
 * test searches all lines and all responses for it.
 */
class AuthoriserHandlerTest {
    private static final String[] SETTINGS = {
        "ValidatedHeaders", "X-Tenant-Id,X-Channel",
        "CognitoClientIds", Tokens.CLIENT_ID,
        "RequiredScopes", "orders/read",
        "RequiredGroups", "clerks,team-7"
    };
    private static final String STAGE =
            "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod";

    private final List<byte[]> lines = Collections.synchronizedList(new ArrayList<>());
    private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
    private InMemoryFunction function = new InMemoryFunction(SETTINGS);
    private AuthoriserHandler handler = function.handler();

    /** The shapes of event, each with the stage in its ARN. */
    enum Shape {
        REST("a1b2c3d4e5/prod"),
        HTTP_V1("h1t2t3p4a5/$default"),
        HTTP_V2("h1t2t3p4a5/$default"),
        WEBSOCKET("w1e2b3s4o5/prod");

        private final String stage;

        Shape(String stage) {
            this.stage = "arn:aws:execute-api:eu-west-1:123456789012:" + stage;
        }

        byte[] event(String token, String tenant) {
            return switch (this) {
                case REST -> Events.rest(token, "X-Tenant-Id", tenant);
                case HTTP_V1 -> Events.httpV1(token, "X-Tenant-Id", tenant);
                case HTTP_V2 -> Events.httpV2(token, "X-Tenant-Id", tenant);
                case WEBSOCKET -> Events.websocket(token, "X-Tenant-Id", tenant);
            };
        }
    }

    /** A request for each reason of a Deny. */
    enum Refusal {
        TOKEN_MISSING(t -> withAuthorization("Basic Y2FuYXJ5")),
        TOKEN_MALFORMED(t -> event(t.access() + ".canary")),
        TOKEN_ALGORITHM(t -> event(t.access().replaceFirst("[^.]+", none()))),
        TOKEN_KEY_UNKNOWN(t -> event(t.signedWith(SigningKey.generate("canary-2")).access())),
        TOKEN_SIGNATURE(
                t -> event(t.signedWith(SigningKey.generate(InMemoryFunction.KEY.kid())).access())),
        TOKEN_ISSUER(t -> event(t.issuedBy("https://canary.example.com").access())),
        TOKEN_USE(t ->
                event(
                        t.access(claims -> {
                            claims.put("token_use", "id");
                            claims.put("email", "canary@example.com");
                            return claims;
                        }))),
        TOKEN_CLIENT(t -> event(t.access(Tokens.with("client_id", "canary-client")))),
        TOKEN_AUDIENCE(t -> event(t.access(Tokens.with("aud", "canary-api")))),
        TOKEN_EXPIRED(t -> event(t.access(Tokens.expiringAt(t.clock().instant())))),
        TOKEN_NOT_YET_VALID(
                t -> event(t.access(Tokens.with("iat", t.clock().instant().getEpochSecond() + 6)))),
        TOKEN_SCOPE(t -> event(t.access(Tokens.with("scope", "openid canary/read")))),
        TOKEN_GROUP(t -> event(t.access(Tokens.with("cognito:groups", List.of("canary-group"))))),
        HEADER_MISSING(t -> Events.rest(t.access(), Events.withoutHeader("X-Tenant-Id"))),
        AMBIGUOUS_HEADER(
                t -> Events.rest(t.access(), Events.header("X-Tenant-Id", "canary-1", "canary-2"))),
        VALIDATION_REFUSED(t -> Events.rest(t.access(), "X-Tenant-Id", "blocked-canary"));

        private final Function<Tokens, byte[]> event;

        Refusal(Function<Tokens, byte[]> event) {
            this.event = event;
        }

        Reason reason() {
            return Reason.valueOf(name());
        }

        String message() {
            return switch (this) {
                case HEADER_MISSING -> "The request has no X-Tenant-Id header.";
                case AMBIGUOUS_HEADER ->
                        "The request has several X-Tenant-Id headers with different values.";
                case VALIDATION_REFUSED -> "No 'such' tenant.";
                default -> reason().message();
            };
        }

        boolean becomesUnauthorized() {
            return name().startsWith("TOKEN_") && this != TOKEN_SCOPE && this != TOKEN_GROUP;
        }

        boolean namesItsCaller() {
            return !becomesUnauthorized();
        }

        private static byte[] withAuthorization(String value) {
            return Events.rest("unused", "Authorization", value);
        }

        private static String none() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            "{\"alg\":\"none\",\"kid\":\"canary\"}"
                                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void findNoSecretInLinesAndResponses() {
        for (byte[] line : lines) {
            assertNoCanary(EmfLine.parse(line).root().toString());
        }
        answers.forEach(AuthoriserHandlerTest::assertNoCanary);
    }

    private void start(String... moreSettings) {
        List<String> settings = new ArrayList<>(List.of(SETTINGS));
        settings.addAll(List.of(moreSettings));
        function = new InMemoryFunction(settings.toArray(String[]::new));
        handler = function.handler();
    }

    private byte[] event(Refusal refusal) {
        function.http.on(
                VALIDATION,
                sent ->
                        PretendHttp.answer(
                                200,
                                sent.body().contains("blocked")
                                        ? "{\"allowed\":false,\"reason\":\"No \\\"such\\\""
                                                + " tenant.\"}"
                                        : "{\"allowed\":true}"));
        return refusal.event.apply(function.tokens);
    }

    /** An event of a REST API. Each value that must not be repeated contains the word canary. */
    private static byte[] event(String token) {
        return Events.rest(
                token,
                (ObjectNode event) -> {
                    Events.header("X-Tenant-Id", "canary-tenant").apply(event);
                    Events.header("X-Other", "canary-other").apply(event);
                    event.withObjectProperty("queryStringParameters").put("q", "canary-query");
                    return event.put("path", "/canary/path")
                            .put("methodArn", STAGE + "/GET/canary/path");
                });
    }

    private CheckedAnswer answer(byte[] event) {
        try {
            JsonDocument answer =
                    handler.handleRequest(read(event), context(Duration.ofSeconds(3)));
            answers.add(new String(CheckedAnswer.jsonOf(answer), StandardCharsets.UTF_8));
            return CheckedAnswer.of(answer);
        } catch (RuntimeException e) {
            answers.add(e.toString());
            throw e;
        }
    }

    private void assertUndecided(String reason, byte[] event) {
        Undecided thrown = assertThrows(Undecided.class, () -> answer(event));
        assertEquals("Undecided: " + reason, thrown.getMessage());
        assertNull(thrown.getCause());
        EmfLine line = onlyLine();
        assertEquals("undecided", line.text("outcome"));
        assertEquals(reason, line.text("reason"));
        assertEquals(1, line.root().get("Thrown").intValue());
    }

    private EmfLine onlyLine() {
        assertEquals(1, lines.size());
        return EmfLine.parse(lines.getFirst());
    }

    private static void assertNoCanary(String text) {
        assertFalse(text.contains("canary"), text);
        assertFalse(text.contains("eyJ"), text);
        assertFalse(text.contains(Environment.SECRET), text);
    }

    private Instant now() {
        return function.clock.instant();
    }

    private static RequestEvent read(byte[] event) {
        return new EventSerializer()
                .fromJson(
                        new ByteArrayInputStream(event),
                        (java.lang.reflect.Type) RequestEvent.class);
    }

    private Context context(Duration remaining) {
        Context context = mock();
        when(context.getRemainingTimeInMillis()).thenReturn((int) remaining.toMillis());
        when(context.getAwsRequestId()).thenReturn("a-request-id");
        when(context.getXrayTraceId()).thenReturn("Root=1-69a1c2d3-4b5c6d7e;Sampled=1");
        when(context.getLogger())
                .thenReturn(
                        new LambdaLogger() {
                            @Override
                            public void log(String message) {
                                throw new AssertionError("Lambda wraps a message of this method");
                            }

                            @Override
                            public void log(byte[] message) {
                                lines.add(message);
                            }
                        });
        return context;
    }

    @Test
    void logsAColdStartForTheFirstInvocationOnly() {
        function.http.down(KEYS);
        assertThrows(Undecided.class, () -> answer(event(function.tokens.access())));
        function.http.on(KEYS, InMemoryFunction.goodAnswerOf(KEYS));
        function.clock.advance(Duration.ofSeconds(1));
        answer(event(function.tokens.access()));
        answer(event(function.tokens.access()));

        assertEquals(
                List.of("1", "0", "0"),
                lines.stream().map(line -> EmfLine.parse(line).text("ColdStart")).toList());
    }

    /** {@code AWS_LAMBDA_MAX_CONCURRENCY}: one handler is used by several threads. */
    @Test
    void isSafeForSeveralThreads() throws Exception {
        int requests = 400;
        List<Future<Boolean>> right = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < requests; i++) {
                String subject = "user-" + i;
                String token = function.tokens.access(Tokens.with("sub", subject));
                byte[] event = i % 4 == 0 ? event(token + "x") : event(token);
                boolean good = i % 4 != 0;
                right.add(
                        threads.submit(() -> {
                            CheckedAnswer answer = answer(event);
                            return answer.allows(STAGE + "/GET/x", now()) == good
                                    && answer.principalId()
                                            .equals(good ? subject : "unauthenticated");
                        }));
            }
        }

        for (Future<Boolean> one : right) {
            assertTrue(one.get());
        }
        assertEquals(requests, lines.size());
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> EmfLine.parse(line).text("ColdStart").equals("1"))
                        .count());
        assertEquals(1, function.http.sentTo(KEYS).size());
        assertEquals(1, function.http.sentTo(LOGIN).size());
        assertEquals(requests * 3 / 4, function.http.sentTo(VALIDATION).size());
    }

    @Test
    void doesNotStartWithoutSettings() {
        assertThrows(InvalidSettings.class, AuthoriserHandler::new);
    }

    @Nested
    class SelfCheck {

        @Test
        void reportsWhichPeersCanBeReached() {
            function.http.on(LOGIN, 429, "{}");

            String answer = selfCheck();

            assertEquals(
                    "{\"selfCheck\":\"failed\",\"keys\":[{\"issuer\":\""
                            + InMemoryFunction.ISSUER
                            + "\",\"ok\":true,\"detail\":\"\"}],\"serviceToken\":{\"ok\":false,"
                            + "\"detail\":\"login.example.com: the token endpoint's status is 429\"},"
                            + "\"connection\":{\"ok\":true,\"detail\":\"\"}}",
                    answer);
            assertEquals(List.of(answer + "\n"), linesAsText());
            assertEquals(0, function.http.sentTo(VALIDATION).size());
            lines.clear();
        }

        @Test
        void fetchesNoServiceTokenIfOneIsInTheCache() {
            answer(event(function.tokens.access()));

            assertTrue(selfCheck().startsWith("{\"selfCheck\":\"ok\","));

            assertEquals(1, function.http.sentTo(LOGIN).size());
            lines.clear();
        }

        private String selfCheck() {
            byte[] event = "{\"selfCheck\":true}".getBytes(StandardCharsets.UTF_8);
            return new String(
                    CheckedAnswer.jsonOf(
                            handler.handleRequest(read(event), context(Duration.ofSeconds(3)))),
                    StandardCharsets.UTF_8);
        }

        private List<String> linesAsText() {
            return lines.stream().map(line -> new String(line, StandardCharsets.UTF_8)).toList();
        }
    }

    @Nested
    class Allow {

        @ParameterizedTest
        @EnumSource
        void isForTheWholeStage(Shape shape) {
            CheckedAnswer answer = answer(shape.event(function.tokens.access(), "canary-tenant"));

            assertTrue(answer.allows(shape.stage + "/GET/orders/42", now()));
            assertTrue(answer.allows(shape.stage + "/DELETE/anything/else", now()));
            assertFalse(answer.allows(shape.stage + "2/GET/orders/42", now()));
            assertEquals(Tokens.SUBJECT, answer.principalId());
            Map<String, String> context = new LinkedHashMap<>();
            context.put("subject", Tokens.SUBJECT);
            context.put("issuer", function.tokens.issuer());
            context.put("username", Tokens.USERNAME);
            context.put("clientId", Tokens.CLIENT_ID);
            context.put("scope", "openid orders/read");
            context.put("groups", "clerks,night-shift");
            context.put("expiresAt", Long.toString(now().getEpochSecond() + 3_600));
            context.put("plan", "gold");
            assertEquals(context, answer.context());
            EmfLine line = onlyLine();
            assertEquals("allow", line.text("outcome"));
            assertEquals("allowed", line.text("reason"));
            assertEquals(Tokens.SUBJECT, line.text("subject"));
            assertEquals(0, line.root().get("Thrown").intValue());
        }

        @Test
        void isPossibleWithOverdueKeysWhoseAgeIsLogged() {
            answer(event(function.tokens.access()));
            function.http.down(KEYS);
            function.clock.advance(Duration.ofHours(2));
            answer(event(function.tokens.access()));
            lines.clear();
            function.clock.advance(Duration.ofSeconds(30));

            answer(event(function.tokens.access()));

            EmfLine line = onlyLine();
            assertEquals("allow", line.text("outcome"));
            assertEquals(7_230, line.root().get("KeyAge").intValue());
            assertTrue(line.text("keyRenewal").startsWith(KEYS), line.text("keyRenewal"));
        }

        @Test
        void isAnErrorIfItIsTooLong() {
            function.http.on(
                    VALIDATION,
                    "{\"allowed\":true,\"context\":{\"huge\":\"canary"
                            + "x".repeat(10_000)
                            + "\"}}");

            assertUndecided("answer_too_large", event(function.tokens.access()));

            assertEquals(Tokens.SUBJECT, onlyLine().text("subject"));
        }

        @Test
        void isPossibleForATokenOfEightKilobytesWithFiveHundredGroups() {
            List<String> groups = IntStream.range(0, 500).mapToObj(i -> "team-" + i).toList();
            String token = function.tokens.access(Tokens.with("cognito:groups", groups));
            assertTrue(
                    token.length() > 8_000 && token.length() < 12_000, () -> "" + token.length());

            CheckedAnswer answer = answer(event(token));

            assertTrue(answer.allows(STAGE + "/GET/x", now()));
            assertEquals(String.join(",", groups), answer.context().get("groups"));
        }

        @Test
        void isReturnedAlsoIfTheLogFails() {
            Context context = context(Duration.ofSeconds(3));
            when(context.getLogger()).thenThrow(new IllegalStateException("no log"));

            JsonDocument answer =
                    handler.handleRequest(read(event(function.tokens.access())), context);

            assertTrue(CheckedAnswer.of(answer).allows(STAGE + "/GET/x", now()));
        }
    }

    @Nested
    class Refusals {

        @Test
        void haveOneRequestForEachReasonInThisTest() {
            assertEquals(
                    Arrays.stream(Reason.values())
                            .filter(reason ->
                                    reason.compareTo(Reason.ALLOWED) > 0
                                            && reason.compareTo(Reason.KEYS_UNAVAILABLE) < 0)
                            .toList(),
                    Arrays.stream(Refusal.values()).map(Refusal::reason).toList());
        }

        @ParameterizedTest
        @EnumSource(
                mode = EnumSource.Mode.EXCLUDE,
                names = {"TOKEN_KEY_UNKNOWN", "TOKEN_NOT_YET_VALID"})
        void areADenyByDefaultIfTheyArePermanent(Refusal refusal) {
            assertDenied(refusal, answer(event(refusal)));
        }

        @ParameterizedTest
        @EnumSource(names = {"TOKEN_KEY_UNKNOWN", "TOKEN_NOT_YET_VALID"})
        void areTheErrorUnauthorizedByDefaultIfTheyAreTemporary(Refusal refusal) {
            assertUnauthorized(refusal);
        }

        @ParameterizedTest
        @EnumSource
        void areTheErrorUnauthorizedForAnInvalidTokenIfTheSettingSaysSo(Refusal refusal) {
            start("InvalidTokenResponse", "unauthorized");

            if (refusal.becomesUnauthorized()) {
                assertUnauthorized(refusal);
            } else {
                assertDenied(refusal, answer(event(refusal)));
            }
        }

        private void assertUnauthorized(Refusal refusal) {
            Unauthorized thrown = assertThrows(Unauthorized.class, () -> answer(event(refusal)));
            assertEquals("Unauthorized", thrown.getMessage());
            assertEquals("unauthenticated", onlyLine().text("outcome"));
            assertEquals(refusal.reason().code(), onlyLine().text("reason"));
            assertEquals(1, onlyLine().root().get("Thrown").intValue());
        }

        private void assertDenied(Refusal refusal, CheckedAnswer answer) {
            assertTrue(answer.deniesExplicitly(STAGE + "/GET/orders/42", now()));
            assertTrue(answer.deniesExplicitly(STAGE + "/POST/other", now()));
            assertEquals(
                    Map.of("reason", refusal.reason().code(), "message", refusal.message()),
                    answer.context());
            assertEquals(
                    refusal.namesItsCaller() ? Tokens.SUBJECT : "unauthenticated",
                    answer.principalId());
            EmfLine line = onlyLine();
            assertEquals(
                    refusal.becomesUnauthorized() ? "unauthenticated" : "forbidden",
                    line.text("outcome"));
            assertEquals(refusal.reason().code(), line.text("reason"));
            assertEquals(0, line.root().get("Thrown").intValue());
        }
    }

    @Nested
    class Errors {

        @ParameterizedTest
        @CsvSource({
            KEYS + ", keys_unavailable",
            LOGIN + ", service_token_unavailable",
            VALIDATION + ", validation_unavailable"
        })
        void areReturnedInAnOutage(String host, String reason) {
            function.http.down(host);

            assertUndecided(reason, event(function.tokens.access()));

            assertEquals(host + ": connection refused", onlyLine().text("detail"));
        }

        @ParameterizedTest
        @ValueSource(strings = {KEYS, LOGIN, VALIDATION})
        void areReturnedInAnOutageAlsoWithInvalidTokenResponseUnauthorized(String host) {
            start("InvalidTokenResponse", "unauthorized");
            function.http.down(host);

            assertThrows(Undecided.class, () -> answer(event(function.tokens.access())));
        }

        @ParameterizedTest
        @ValueSource(strings = {KEYS, LOGIN, VALIDATION})
        void areReturnedAtTheTimeOut(String host) {
            function.http.on(
                    host,
                    request -> {
                        function.clock.set(Instant.ofEpochMilli(request.deadline().at()));
                        function.clock.advance(Duration.ofSeconds(3));
                        return new Reply.Failed(host + ": time-out");
                    });
            long start = function.clock.millis();

            assertUndecided("time_out", event(function.tokens.access()));
            assertEquals(start, onlyLine().root().at("/_aws/Timestamp").longValue());
        }

        @Test
        void endWithTheOutage() {
            function.http.down(KEYS).down(LOGIN).down(VALIDATION);
            assertThrows(Undecided.class, () -> answer(event(function.tokens.access())));

            for (String host : List.of(KEYS, LOGIN, VALIDATION)) {
                function.http.on(host, InMemoryFunction.goodAnswerOf(host));
            }
            function.clock.advance(Duration.ofSeconds(1));

            assertTrue(answer(event(function.tokens.access())).allows(STAGE + "/GET/x", now()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "canary",
                    "[]",
                    "{}",
                    "{\"type\":\"REQUEST\",\"methodArn\":\"canary\"}",
                    "{\"type\":\"TOKEN\",\"authorizationToken\":\"Bearer canary\",\"methodArn\":\""
                            + "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x\"}",
                    "{\"type\":\"REQUEST\",\"version\":\"2.0\",\"methodArn\":\""
                            + "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x\"}"
                })
        void areReturnedForAnEventThatIsNotARequest(String event) {
            assertUndecided("event_malformed", event.getBytes(StandardCharsets.UTF_8));
        }

        /** Simulates an error in the code by an exception of the network. */
        @ParameterizedTest
        @ValueSource(strings = {KEYS, LOGIN, VALIDATION})
        void areReturnedWithoutTheMessageOfAnInternalError(String host) {
            function.http.on(
                    host,
                    _ -> {
                        throw new IllegalStateException("canary in a message");
                    });

            assertUndecided("internal_error", event(function.tokens.access()));

            assertTrue(
                    onlyLine()
                            .text("detail")
                            .startsWith("java.lang.IllegalStateException at authoriser."),
                    onlyLine().text("detail"));
        }

        @Test
        void areReturnedWithoutAnEvent() {
            Undecided thrown =
                    assertThrows(
                            Undecided.class,
                            () -> handler.handleRequest(null, context(Duration.ofSeconds(3))));

            assertEquals("Undecided: internal_error", thrown.getMessage());
        }
    }

    @Nested
    class TimeLimit {

        /** 200 ms, or a fifth of a shorter time, are reserved for the log line. */
        @ParameterizedTest
        @CsvSource({
            "10000, 9800",
            "3000, 2800",
            "1000, 800",
            "999, 799",
            "500, 400",
            "10, 8",
            "2, 1"
        })
        void ofACallIsTheTimeOfTheInvocationWithoutTheReserve(int remaining, int given) {
            start("ValidationServiceTimeoutMs", "30000");

            handler.handleRequest(
                    read(event(function.tokens.access())), context(Duration.ofMillis(remaining)));

            assertEquals(List.of(KEYS, LOGIN, VALIDATION), function.http.hostsAsked());
            for (PretendHttp.Sent sent : function.http.sent()) {
                assertEquals(given, sent.deadline().remainingMillis(), sent.host());
            }
        }

        @Test
        void ofACallIsTheTimeOutSettingAtMost() {
            start("ValidationServiceTimeoutMs", "750");

            answer(event(function.tokens.access()));

            for (PretendHttp.Sent sent : function.http.sent()) {
                assertEquals(750, sent.deadline().remainingMillis(), sent.host());
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
        void isAnErrorIfNoTimeIsLeft(int remaining) {
            function.http.on(KEYS, sent -> timeOut(sent)).on(LOGIN, sent -> timeOut(sent));
            Context context = context(Duration.ofMillis(remaining));

            Undecided thrown =
                    assertThrows(
                            Undecided.class,
                            () ->
                                    handler.handleRequest(
                                            read(event(function.tokens.access())), context));

            assertEquals("Undecided: time_out", thrown.getMessage());
        }

        private Reply timeOut(PretendHttp.Sent sent) {
            return new Reply.Failed(sent.host() + ": time-out");
        }
    }

    @Nested
    class TraceId {

        @Test
        void isSentToTheServiceAndLogged() {
            answer(event(function.tokens.access()));

            assertTrue(
                    function.http
                            .sentTo(VALIDATION)
                            .getFirst()
                            .message()
                            .contains(
                                    "\r\nX-Amzn-Trace-Id: Root=1-69a1c2d3-4b5c6d7e;Sampled=1\r\n"));
            assertEquals("1-69a1c2d3-4b5c6d7e", onlyLine().text("traceId"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "Root=1\r\nX-Evil: canary", "Root=\u0000", "Root=canäry", "\u007f"})
        void isIgnoredIfItCannotBeSentInAHeader(String trace) {
            Context context = context(Duration.ofSeconds(3));
            when(context.getXrayTraceId()).thenReturn(trace);

            handler.handleRequest(read(event(function.tokens.access())), context);

            assertFalse(
                    function.http
                            .sentTo(VALIDATION)
                            .getFirst()
                            .message()
                            .contains("X-Amzn-Trace-Id"));
            assertFalse(onlyLine().root().has("traceId"));
        }

        @Test
        void mayHaveAnyPrintableCharacter() {
            Context context = context(Duration.ofSeconds(3));
            when(context.getXrayTraceId()).thenReturn("Root=1 ~");

            handler.handleRequest(read(event(function.tokens.access())), context);

            assertEquals("1 ~", onlyLine().text("traceId"));
        }

        @Test
        void isIgnoredWithMoreThan512Characters() {
            for (int length : List.of(512, 513)) {
                Context context = context(Duration.ofSeconds(3));
                when(context.getXrayTraceId()).thenReturn("R".repeat(length));

                handler.handleRequest(read(event(function.tokens.access())), context);
            }

            assertEquals(512, EmfLine.parse(lines.get(0)).text("traceId").length());
            assertFalse(EmfLine.parse(lines.get(1)).root().has("traceId"));
        }

        @Test
        void isOptionalLikeTheRequestId() {
            Context context = context(Duration.ofSeconds(3));
            when(context.getXrayTraceId()).thenReturn(null);
            when(context.getAwsRequestId()).thenReturn(null);

            handler.handleRequest(read(event(function.tokens.access())), context);

            assertFalse(onlyLine().root().has("traceId"));
            assertEquals("", onlyLine().text("requestId"));
        }
    }
}
