package authoriser.validation;

import static authoriser.http.PretendHttp.answer;
import static authoriser.validation.ServiceSettings.ISSUER;
import static authoriser.validation.ServiceSettings.SECRET;
import static authoriser.validation.ServiceSettings.SERVICE;
import static authoriser.validation.ServiceSettings.TIMEOUT;
import static authoriser.validation.ServiceSettings.inTurn;
import static authoriser.validation.ServiceSettings.service;
import static authoriser.validation.ServiceSettings.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Secret;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.secrets.SecretSource;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each response that the validation service may send, and the verdict that follows. */
final class ValidationClientTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final VerifiedToken CALLER =
            VerifiedTokens.user(List.of("orders/read"), List.of("staff"));
    private static final Map<String, String> HEADERS = Map.of("x-tenant-id", "acme");
    private static final Verdict PERMITTED = new Verdict.Permitted(Map.of());

    private final ManualClock clock = new ManualClock(START);
    private final PretendHttp network = new PretendHttp();
    private final ServiceTokens tokens =
            new ServiceTokens(network, service(), SecretSource.fixed(new Secret(SECRET)), clock);
    private final ValidationClient client = new ValidationClient(network, service(), tokens, clock);

    @BeforeEach
    void issueTokens() {
        AtomicInteger number = new AtomicInteger();
        network.on(ISSUER, request -> token("t" + number.incrementAndGet()));
    }

    private Invocation invocation(Duration time) {
        return new Invocation(Deadline.in(time, clock), Optional.empty());
    }

    private Verdict validate() {
        return client.validate(
                CALLER, HEADERS, Optional.empty(), invocation(Duration.ofSeconds(8)));
    }

    private List<String> asked() {
        return network.hostsAsked();
    }

    private static Verdict failure(String detail) {
        return new Verdict.Unavailable(Reason.VALIDATION_UNAVAILABLE, SERVICE + ": " + detail);
    }

    private static Reply broken() {
        return new Reply.Failed(SERVICE + ": the connection was closed");
    }

    private static Reply challenged(int status, String body) {
        return new Reply.Answered(
                status, body.getBytes(UTF_8), new Reply.Fields("Bearer", null, null, null));
    }

    /** The reply, after this time. */
    private Reply after(Duration time, Reply reply) {
        clock.advance(time);
        return reply;
    }

    @Test
    void measuresTheTimeOfEachStage() {
        network.on(SERVICE, inTurn(answer(204, "")));
        Invocation invocation = invocation(Duration.ofSeconds(8));

        client.validate(CALLER, HEADERS, Optional.empty(), invocation);

        assertTrue(invocation.nanos(Invocation.Stage.SERVICE_TOKEN) > 0);
        assertTrue(invocation.nanos(Invocation.Stage.VALIDATION) > 0);
        assertEquals(0, invocation.nanos(Invocation.Stage.TOKEN));
    }

    @Test
    void measuresTheTimeOfAReplacementOfTheServiceToken() {
        network.on(SERVICE, inTurn(answer(204, ""), answer(401, ""), answer(204, "")));
        validate();
        long millisecond = Duration.ofMillis(1).toNanos();
        network.on(
                ISSUER,
                request -> {
                    long start = System.nanoTime();
                    while (System.nanoTime() - start < 5 * millisecond) {
                        Thread.onSpinWait();
                    }
                    return token("t2");
                });
        Invocation invocation = invocation(Duration.ofSeconds(8));

        client.validate(CALLER, HEADERS, Optional.empty(), invocation);

        assertTrue(invocation.nanos(Invocation.Stage.SERVICE_TOKEN) >= 5 * millisecond);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 404, 500})
    void doesNotRepeatSecretsOrTheBodyInAFailure(int status) {
        network.on(ISSUER, request -> token("service-token"));
        network.on(SERVICE, request -> answer(status, "an echo of service-token and acme"));

        String printed = validate().toString();

        for (String secret : List.of("service-token", "acme", SECRET, "jane.doe", "echo")) {
            assertFalse(printed.contains(secret), printed);
        }
    }

    @Nested
    class Request {

        @Test
        void isTheOneOfTheContract() {
            network.on(SERVICE, inTurn(answer(204, "")));

            validate();

            assertEquals(
                    """
                    POST /validate HTTP/1.1\r
                    Host: validation.example.com\r
                    Accept: application/json\r
                    Accept-Encoding: identity\r
                    User-Agent: cognito-request-authoriser\r
                    Content-Type: application/json\r
                    Authorization: Bearer t1\r
                    Content-Length: 278\r
                    \r
                    {"principal":{\
                    "issuer":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E",\
                    "subject":"9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",\
                    "username":"jane.doe","clientId":"3n4b5urk1ft4fl3mg5e62d9ado",\
                    "scopes":["orders/read"],"groups":["staff"]},\
                    "headers":{"x-tenant-id":"acme"}}\
                    """,
                    network.sentTo(SERVICE).getFirst().message());
        }

        @Test
        void hasTheTraceId() {
            network.on(SERVICE, inTurn(answer(204, "")));
            String trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
            Deadline deadline = Deadline.in(Duration.ofSeconds(8), clock);

            client.validate(
                    CALLER,
                    HEADERS,
                    Optional.empty(),
                    new Invocation(deadline, Optional.of(trace)));

            assertTrue(
                    network.sentTo(SERVICE)
                            .getFirst()
                            .message()
                            .contains("\r\nX-Amzn-Trace-Id: " + trace + "\r\n"));
        }

        @Test
        void hasTheTraceparentOfTheCaller() {
            network.on(SERVICE, inTurn(answer(204, "")));
            String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

            client.validate(CALLER, HEADERS, Optional.of(trace), invocation(Duration.ofSeconds(8)));

            assertTrue(
                    network.sentTo(SERVICE)
                            .getFirst()
                            .message()
                            .contains("\r\ntraceparent: " + trace + "\r\n"));
        }

        @Test
        void isNotSentIfTheTraceIdHasALineBreak() {
            Deadline deadline = Deadline.in(Duration.ofSeconds(8), clock);
            Invocation hostile = new Invocation(deadline, Optional.of("Root=1\r\nX-Injected: yes"));

            assertThrows(
                    IllegalArgumentException.class,
                    () -> client.validate(CALLER, HEADERS, Optional.empty(), hostile));
            assertEquals(List.of(ISSUER), asked());
        }
    }

    @Nested
    class SuccessfulStatus {

        @Test
        void permitsWith204() {
            network.on(SERVICE, inTurn(answer(204, "")));

            assertEquals(PERMITTED, validate());
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 201, 202, 203, 205, 206, 299})
        void isTriedAgainWithoutABodyAndThenAFailure(int status) {
            network.on(SERVICE, inTurn(answer(status, ""), answer(status, "")));

            assertEquals(failure("the answer is not the JSON of the contract"), validate());
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 201, 299})
        void permitsWithAllowedTrueAndReturnsTheContext(int status) {
            network.on(
                    SERVICE,
                    inTurn(
                            answer(
                                    status,
                                    "{\"context\":{\"plan\":\"gold\",\"limit\":5,\"a\":true},"
                                            + "\"allowed\":true}")));

            assertEquals(
                    new Verdict.Permitted(Map.of("plan", "gold", "limit", "5", "a", "true")),
                    validate());
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 202, 299})
        void refusesWithAllowedFalseAndReturnsTheReason(int status) {
            network.on(
                    SERVICE, inTurn(answer(status, "{\"allowed\":false,\"reason\":\"closed\"}")));

            assertEquals(new Verdict.Refused(Optional.of("closed")), validate());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "<html>",
                    "null",
                    "[]",
                    "{\"allowed\":\"true\"}",
                    "{\"allowed\":null}",
                    "{\"allowed\":1}",
                    "{}",
                    "{\"Allowed\":true}",
                    "{\"authorized\":true}",
                    "{\"data\":{\"allowed\":true}}",
                    "{\"message\":\"Internal server error\"}",
                    "{\"allowed\":true,\"context\":[]}",
                    "{\"allowed\":true,\"context\":{\"plan\":null}}",
                    "{\"allowed\":true,\"context\":{\"plan\":{\"name\":\"gold\"}}}",
                    "{\"allowed\":true,\"context\":{\"k\":\"\\uD800\"}}",
                    "{\"allowed\":true"
                })
        void isTriedAgainIfTheBodyDoesNotFollowTheContractAndThenAFailure(String body) {
            network.on(SERVICE, inTurn(answer(200, body), answer(204, "")));
            assertEquals(PERMITTED, validate());

            network.on(SERVICE, inTurn(answer(200, body), answer(200, body)));
            assertEquals(failure("the answer is not the JSON of the contract"), validate());
        }
    }

    @Nested
    class Status400Or403Or422 {

        @ParameterizedTest
        @ValueSource(ints = {400, 403, 422})
        void refusesWithoutABody(int status) {
            network.on(SERVICE, inTurn(answer(status, "")));

            assertEquals(new Verdict.Refused(Optional.empty()), validate());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ' ',
                value = {
                    "400 <html>",
                    "403 <html><body>blocked</body></html>",
                    "422 <html>",
                    "403 []",
                    "403 null",
                    "403 true",
                    "403 Forbidden",
                    "403 {\"reason\":\"a\""
                })
        void isAFailureIfTheBodyIsNotAJsonObject(int status, String body) {
            network.on(SERVICE, inTurn(answer(status, body)));

            assertEquals(failure("the status is " + status + " without a JSON object"), validate());
        }

        @ParameterizedTest
        @CsvSource(value = {"400,''", "403,''", "422,''", "403,'{\"reason\":\"no contract\"}'"})
        void isAFailureWithWwwAuthenticate(int status, String body) {
            network.on(SERVICE, inTurn(challenged(status, body)));

            assertEquals(failure("the status is " + status + " with WWW-Authenticate"), validate());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"allowed\":null,\"reason\":\"no contract\"}",
                    "{\"title\":\"Forbidden\",\"reason\":\"no contract\",\"context\":[\"x\"]}",
                    "{\"allowed\":\"no\",\"context\":{\"a\":null},\"reason\":\"no contract\"}"
                })
        void returnsTheReasonDespiteOtherMembers(String body) {
            network.on(SERVICE, inTurn(answer(403, body)));

            assertEquals(new Verdict.Refused(Optional.of("no contract")), validate());
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 403, 422})
        void returnsTheReason(int status) {
            network.on(SERVICE, inTurn(answer(status, "{\"reason\":\"no contract\"}")));

            assertEquals(new Verdict.Refused(Optional.of("no contract")), validate());
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 403, 422})
        void refusesDespiteAllowedTrue(int status) {
            network.on(SERVICE, inTurn(answer(status, "{\"allowed\":true}")));

            assertEquals(new Verdict.Refused(Optional.empty()), validate());
        }
    }

    @Nested
    class Status401 {

        @Test
        void replacesTheServiceTokenAndSendsTheRequestAgain() {
            network.on(SERVICE, inTurn(answer(401, ""), answer(204, "")));

            assertEquals(PERMITTED, validate());

            assertEquals(List.of(ISSUER, SERVICE, ISSUER, SERVICE), asked());
            assertTrue(
                    network.sent().get(1).message().contains("\r\nAuthorization: Bearer t1\r\n"));
            assertTrue(
                    network.sent().get(3).message().contains("\r\nAuthorization: Bearer t2\r\n"));
            assertEquals(network.sent().get(1).body(), network.sent().get(3).body());
        }

        @Test
        void isAFailureTheSecondTime() {
            network.on(SERVICE, inTurn(answer(401, ""), answer(401, "")));

            assertEquals(failure("the service refuses our token and a new one"), validate());
        }

        @Test
        void isAFailureIfTheServiceTokenCannotBeReplaced() {
            network.on(SERVICE, inTurn(answer(401, "")));
            network.on(ISSUER, inTurn(token("t1"), answer(503, "")));

            assertEquals(
                    new Verdict.Unavailable(
                            Reason.SERVICE_TOKEN_UNAVAILABLE,
                            ISSUER + ": the token endpoint's status is 503"),
                    validate());
        }

        @Test
        void costsTwoServiceTokensIfEveryOneIsRefused() {
            network.on(SERVICE, request -> answer(401, ""));

            for (int i = 0; i < 1_000; i++) {
                assertTrue(validate() instanceof Verdict.Unavailable);
            }

            assertEquals(2, network.sentTo(ISSUER).size());
        }

        @Test
        void costsTwoServiceTokensIfOneCallerIsAlwaysAnsweredWithIt() {
            network.on(
                    SERVICE,
                    request -> answer(request.body().contains("\"evil\"") ? 401 : 204, ""));

            for (int i = 0; i < 1_000; i++) {
                assertEquals(PERMITTED, validate());
                client.validate(
                        CALLER,
                        Map.of("x-tenant-id", "evil"),
                        Optional.empty(),
                        invocation(Duration.ofSeconds(8)));
            }

            assertEquals(2, network.sentTo(ISSUER).size());
        }

        @Test
        void costsTwoServiceTokensIfEachIsAcceptedOnce() {
            Set<String> used = new HashSet<>();
            network.on(
                    SERVICE, request -> answer(used.add(authorization(request)) ? 204 : 401, ""));

            for (int i = 0; i < 1_000; i++) {
                validate();
                clock.advance(Duration.ofMillis(1));
            }

            assertEquals(2, network.sentTo(ISSUER).size());
        }

        private static String authorization(PretendHttp.Sent request) {
            return request.message()
                    .lines()
                    .filter(line -> line.startsWith("Authorization: "))
                    .findFirst()
                    .orElseThrow();
        }

        @ParameterizedTest
        @ValueSource(ints = {204, 403})
        void causesNoPauseAgainOneMinuteAfterTheLastRefusal(int status) {
            network.on(SERVICE, request -> answer(401, ""));
            assertEquals(4, tokensAfterFourSecondsOfRequests());

            clock.advance(Duration.ofMinutes(1));
            network.on(SERVICE, request -> answer(status, ""));
            validate();

            network.on(SERVICE, request -> answer(401, ""));
            assertEquals(7, tokensAfterFourSecondsOfRequests());
        }

        private int tokensAfterFourSecondsOfRequests() {
            for (int tenths = 0; tenths < 40; tenths++) {
                validate();
                clock.advance(Duration.ofMillis(100));
            }
            return network.sentTo(ISSUER).size();
        }
    }

    @Nested
    class SecondTry {

        @ParameterizedTest
        @ValueSource(ints = {408, 429, 500, 502, 503, 504, 599})
        void isMadeAfterATemporaryStatus(int status) {
            network.on(SERVICE, inTurn(answer(status, "{\"allowed\":true}"), answer(204, "")));

            assertEquals(PERMITTED, validate());
        }

        @ParameterizedTest
        @ValueSource(ints = {408, 429, 500, 502, 503, 504, 599})
        void isAFailureWithATemporaryStatus(int status) {
            network.on(
                    SERVICE,
                    inTurn(
                            answer(status, "{\"allowed\":false}"),
                            answer(status, "{\"allowed\":true}")));

            assertEquals(failure("the status is " + status), validate());
        }

        @Test
        void isMadeAfterABrokenConnection() {
            network.on(SERVICE, inTurn(broken(), answer(204, "")));

            assertEquals(PERMITTED, validate());
        }

        @Test
        void isAFailureWithABrokenConnection() {
            network.on(SERVICE, inTurn(broken(), broken()));

            assertEquals(failure("the connection was closed"), validate());
        }

        @Test
        void isNotMadeAfterATimeOut() {
            Reply timeOut = new Reply.Failed(SERVICE + ": no whole answer within 2000 ms", true);
            network.on(SERVICE, inTurn(timeOut));

            assertEquals(failure("no whole answer within 2000 ms"), validate());
        }

        @Test
        void hasATimeOutOfItsOwn() {
            var answers = inTurn(answer(503, ""), answer(204, ""));
            network.on(SERVICE, request -> after(TIMEOUT, answers.apply(request)));

            assertEquals(PERMITTED, validate());

            assertEquals(
                    List.of(START.plus(TIMEOUT), START.plus(TIMEOUT).plus(TIMEOUT)),
                    network.sentTo(SERVICE).stream()
                            .map(sent -> Instant.ofEpochMilli(sent.deadline().at()))
                            .toList());
        }

        @Test
        void isMadeOnlyIfMoreThanTwentyMillisecondsAreLeft() {
            Duration time = Duration.ofSeconds(1);
            var answers = inTurn(answer(503, ""), answer(204, ""), answer(503, ""));
            network.on(SERVICE, request -> after(time.minusMillis(21), answers.apply(request)));
            assertEquals(
                    PERMITTED,
                    client.validate(CALLER, HEADERS, Optional.empty(), invocation(time)));

            network.on(SERVICE, request -> after(time.minusMillis(20), answers.apply(request)));
            assertEquals(
                    failure("the status is 503"),
                    client.validate(CALLER, HEADERS, Optional.empty(), invocation(time)));
        }

        @Test
        void endsWithTheInvocation() {
            var answers = inTurn(answer(503, ""), answer(204, ""));
            network.on(SERVICE, request -> after(Duration.ofMillis(500), answers.apply(request)));
            Invocation invocation = invocation(Duration.ofSeconds(1));

            client.validate(CALLER, HEADERS, Optional.empty(), invocation);

            assertEquals(
                    List.of(invocation.deadline(), invocation.deadline()),
                    network.sentTo(SERVICE).stream().map(PretendHttp.Sent::deadline).toList());
        }

        @ParameterizedTest
        @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308, 402, 404, 405, 409, 410, 418, 451})
        void isNotMadeAfterAnyOtherStatus(int status) {
            network.on(SERVICE, inTurn(answer(status, "{\"allowed\":true}")));

            assertEquals(failure("the status is " + status), validate());
        }

        @Test
        void isMadeAlsoAfterAReplacedToken() {
            network.on(SERVICE, inTurn(answer(401, ""), answer(503, ""), answer(204, "")));

            assertEquals(PERMITTED, validate());
        }

        @Test
        void mayReplaceTheServiceToken() {
            network.on(SERVICE, inTurn(answer(503, ""), answer(401, ""), answer(204, "")));

            assertEquals(PERMITTED, validate());
        }

        @Test
        void isNotFollowedByMoreThanOneOtherRequest() {
            network.on(SERVICE, inTurn(answer(503, ""), answer(401, ""), answer(503, "")));
            assertEquals(failure("the status is 503"), validate());

            clock.advance(RetryBudget.EXCLUSION);
            network.on(SERVICE, inTurn(answer(401, ""), broken(), answer(401, "")));
            assertEquals(failure("the service refuses our token and a new one"), validate());
        }

        @Test
        void isNotMadeForOneMinuteForACallerWhoseLastOneFailed() {
            network.on(SERVICE, request -> answer(503, ""));
            validate();
            assertEquals(2, network.sentTo(SERVICE).size());

            validate();
            assertEquals(3, network.sentTo(SERVICE).size());

            clock.advance(RetryBudget.EXCLUSION);
            validate();
            assertEquals(5, network.sentTo(SERVICE).size());
        }

        @Test
        void isMadeForAtMostOneRequestInTen() {
            network.on(SERVICE, request -> answer(503, ""));

            for (int i = 0; i < 1_000; i++) {
                client.validate(
                        VerifiedTokens.of(
                                "caller " + i,
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                VerifiedTokens.EXPIRES_AT),
                        HEADERS,
                        Optional.empty(),
                        invocation(Duration.ofSeconds(8)));
            }

            assertTrue(
                    network.sentTo(SERVICE).size() <= 1_100, "" + network.sentTo(SERVICE).size());
            assertTrue(network.sentTo(SERVICE).size() > 1_050, "" + network.sentTo(SERVICE).size());
        }
    }

    @Nested
    class Circuit {

        private static Reply timeOut() {
            return new Reply.Failed(SERVICE + ": no whole answer within 2000 ms", true);
        }

        private static final String NOT_SENT =
                "not asked, because the last questions got no answer";

        @Test
        void opensAfterFiveRequestsWithoutAResponse() {
            network.on(SERVICE, request -> after(TIMEOUT, timeOut()));
            for (int i = 0; i < 5; i++) {
                assertEquals(failure("no whole answer within 2000 ms"), validate());
            }
            Instant before = clock.instant();

            assertEquals(failure(NOT_SENT), validate());

            assertEquals(before, clock.instant());
            assertEquals(5, network.sentTo(SERVICE).size());
        }

        @Test
        void closesWhenTheServiceRespondsAfterThePause() {
            network.on(SERVICE, request -> timeOut());
            for (int i = 0; i < 6; i++) {
                validate();
            }
            network.on(SERVICE, request -> answer(204, ""));
            clock.advance(Duration.ofMillis(999));
            assertEquals(failure(NOT_SENT), validate());

            clock.advance(Duration.ofMillis(1));

            assertEquals(PERMITTED, validate());
            assertEquals(PERMITTED, validate());
        }

        @Test
        void sendsOneRequestInFiveSecondsToAServiceThatDoesNotRespondForAnHour() {
            network.on(SERVICE, request -> timeOut());
            for (int i = 0; i < 3_600; i++) {
                validate();
                clock.advance(Duration.ofSeconds(1));
            }

            assertEquals(5 + 3 + (3_600 - 7) / 5, network.sentTo(SERVICE).size(), 1);
        }

        /** Otherwise one caller could stop the requests of all others. */
        @Test
        void staysClosedIfOneCallerAlwaysGetsAnErrorStatus() {
            network.on(
                    SERVICE, request -> answer(request.body().contains("\"odd\"") ? 500 : 204, ""));

            for (int i = 0; i < 1_000; i++) {
                assertEquals(
                        failure("the status is 500"),
                        client.validate(
                                CALLER,
                                Map.of("x-tenant-id", "odd"),
                                Optional.empty(),
                                invocation(Duration.ofSeconds(8))));
                assertEquals(PERMITTED, validate());
            }
        }

        @Test
        void staysClosedIfResponsesFailAfterTheStatus() {
            network.on(
                    SERVICE,
                    request ->
                            request.body().contains("\"odd\"")
                                    ? new Reply.Failed(SERVICE + ": too long", false, true)
                                    : answer(204, ""));

            for (int i = 0; i < 10; i++) {
                client.validate(
                        CALLER,
                        Map.of("x-tenant-id", "odd"),
                        Optional.empty(),
                        invocation(Duration.ofSeconds(8)));
            }

            assertEquals(PERMITTED, validate());
        }

        @Test
        void countsFromZeroAgainAfterAResponseThatFailsAfterTheStatus() {
            Reply tooLong = new Reply.Failed(SERVICE + ": too long", true, true);
            network.on(
                    SERVICE,
                    inTurn(
                            timeOut(),
                            timeOut(),
                            timeOut(),
                            timeOut(),
                            tooLong,
                            timeOut(),
                            timeOut(),
                            timeOut(),
                            timeOut(),
                            answer(204, "")));
            for (int i = 0; i < 9; i++) {
                validate();
            }

            assertEquals(PERMITTED, validate());
        }

        @Test
        void staysClosedIfNoTimeIsLeftToSendTheRequest() {
            network.on(SERVICE, request -> answer(204, ""));
            validate();
            for (int i = 0; i < 10; i++) {
                assertEquals(
                        failure("no time is left for the request"),
                        client.validate(
                                CALLER, HEADERS, Optional.empty(), invocation(Duration.ZERO)));
            }

            assertEquals(PERMITTED, validate());
        }
    }

    @Nested
    class MaxAge {

        private static Reply fresh(int status, String body) {
            return new Reply.Answered(
                    status, body.getBytes(UTF_8), new Reply.Fields(null, "max-age=60", null, null));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"allowed\":true,\"context\":{\"plan\":\"gold\"}}",
                    "{\"allowed\":false,\"reason\":\"closed\"}"
                })
        void keepsTheResponseForTheSameRequest(String body) {
            network.on(SERVICE, inTurn(fresh(200, body), answer(204, "")));
            Verdict first = validate();
            clock.advance(Duration.ofMillis(59_999));

            assertEquals(first, validate());
            assertEquals(1, network.sentTo(SERVICE).size());

            clock.advance(Duration.ofMillis(1));
            assertEquals(PERMITTED, validate());
        }

        @Test
        void doesNotKeepTheResponseForAnotherRequest() {
            network.on(SERVICE, inTurn(fresh(200, "{\"allowed\":true}"), answer(403, "")));
            validate();

            assertEquals(
                    new Verdict.Refused(Optional.empty()),
                    client.validate(
                            CALLER,
                            Map.of("x-tenant-id", "other"),
                            Optional.empty(),
                            invocation(Duration.ofSeconds(8))));
        }

        @ParameterizedTest
        @ValueSource(ints = {201, 204, 299, 403, 422})
        void isIgnoredWithAStatusOtherThan200(int status) {
            network.on(
                    SERVICE,
                    inTurn(
                            fresh(status, status == 204 ? "" : "{\"allowed\":true}"),
                            answer(200, "{\"allowed\":false}")));
            validate();

            assertEquals(new Verdict.Refused(Optional.empty()), validate());
        }

        @Test
        void isIgnoredInAFailure() {
            network.on(
                    SERVICE,
                    inTurn(fresh(200, "{}"), fresh(200, "{\"message\":\"x\"}"), answer(204, "")));
            assertEquals(failure("the answer is not the JSON of the contract"), validate());

            assertEquals(PERMITTED, validate());
        }

        @Test
        void beginsWhenTheRequestIsSent() {
            network.on(
                    SERVICE,
                    request -> after(Duration.ofSeconds(1), fresh(200, "{\"allowed\":true}")));
            validate();
            clock.advance(Duration.ofSeconds(59));

            validate();

            assertEquals(2, network.sentTo(SERVICE).size());
        }
    }

    @Nested
    class TokenForTheService {

        @Test
        void isNecessaryForARequest() {
            network.down(ISSUER);

            assertEquals(
                    new Verdict.Unavailable(
                            Reason.SERVICE_TOKEN_UNAVAILABLE, ISSUER + ": connection refused"),
                    validate());
            assertEquals(List.of(ISSUER), asked());
        }

        @Test
        void isUsedForAThousandRequests() {
            network.on(SERVICE, request -> answer(204, ""));

            for (int i = 0; i < 1_000; i++) {
                assertEquals(PERMITTED, validate());
            }

            assertEquals(1, network.sentTo(ISSUER).size());
            assertEquals(1_000, network.sentTo(SERVICE).size());
        }
    }
}
