package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Environment;
import authoriser.decision.Decision;
import authoriser.event.RequestEvent;
import authoriser.http.Endpoint;
import authoriser.http.HttpCall;
import authoriser.http.HttpClient;
import authoriser.http.Reply;
import authoriser.http.TlsLayer;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole function when the wall clock jumps: after a freeze, or because it was set. */
@Timeout(60)
class ClockTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Reply USABLE_FOR_A_MINUTE =
            new Reply.Answered(
                    200,
                    "{\"allowed\":true}".getBytes(StandardCharsets.US_ASCII),
                    new Reply.Fields(null, "max-age=60", null, null));

    private final InMemoryFunction function = new InMemoryFunction();
    private final Wiring wiring = Wiring.of(Environment.with(), function.http, function.clock);

    private Decision decide(String token) {
        RequestEvent event = RequestEvent.read(new ByteArrayInputStream(Events.rest(token)));
        Invocation invocation =
                new Invocation(
                        Deadline.in(Duration.ofSeconds(3), function.clock), Optional.empty());
        Decision decision =
                wiring.authoriser().decide(wiring.parser().parse(event).orElseThrow(), invocation);
        invocation.awaitTasks(Duration.ofSeconds(3)); // also for renewals that take longer
        return decision;
    }

    private Reason decide() {
        return decide(function.tokens.access()).reason();
    }

    private int calls(String host) {
        return function.http.sentTo(host).size();
    }

    /** The calls of keys, service tokens and questions. */
    private List<Integer> calls() {
        return List.of(
                calls(InMemoryFunction.KEYS),
                calls(InMemoryFunction.LOGIN),
                calls(InMemoryFunction.VALIDATION));
    }

    @Nested
    class AfterAFreeze {

        /** A service token lives for an hour. */
        @ParameterizedTest
        @CsvSource({
            "PT14M59.999S, 1, 1",
            "PT15M, 2, 1",
            "PT44M59.999S, 2, 1",
            "PT45M, 2, 2",
            "PT59M49.999S, 2, 2",
            "PT59M50S, 2, 2",
            "PT1H, 2, 2",
            "PT23H59M59.999S, 2, 2",
            "PT24H, 2, 2",
            "P30D, 2, 2"
        })
        void allowsWithTheFirstRequestAndFetchesWhatIsOld(
                Duration freeze, int keyCalls, int tokenCalls) {
            decide();

            function.clock.advance(freeze);

            assertEquals(Reason.ALLOWED, decide());
            assertEquals(List.of(keyCalls, tokenCalls, 2), calls());
        }

        @ParameterizedTest
        @CsvSource({"PT59.999S, 1", "PT60S, 2"})
        void usesAnAnswerOfTheServiceForItsMaxAge(Duration freeze, int questions) {
            function.http.on(InMemoryFunction.VALIDATION, _ -> USABLE_FOR_A_MINUTE);
            String token = function.tokens.access();
            decide(token);

            function.clock.advance(freeze);

            assertEquals(Reason.ALLOWED, decide(token).reason());
            assertEquals(questions, calls(InMemoryFunction.VALIDATION));
        }

        @Test
        void asksAServiceAtOnceThatDidNotAnswerBefore() {
            function.http.down(InMemoryFunction.VALIDATION);
            for (int i = 0; i < 10; i++) {
                assertEquals(Reason.VALIDATION_UNAVAILABLE, decide());
            }

            function.clock.advance(HOUR);
            function.http.on(
                    InMemoryFunction.VALIDATION,
                    InMemoryFunction.goodAnswerOf(InMemoryFunction.VALIDATION));

            assertEquals(Reason.ALLOWED, decide());
        }

        @Test
        void asksAnIssuerAndATokenEndpointAtOnceThatFailedBefore() {
            function.http.down(InMemoryFunction.KEYS);
            for (int i = 0; i < 10; i++) {
                assertEquals(Reason.KEYS_UNAVAILABLE, decide());
                function.clock.advance(Duration.ofSeconds(10));
            }
            function.http.on(
                    InMemoryFunction.KEYS, InMemoryFunction.goodAnswerOf(InMemoryFunction.KEYS));
            function.clock.advance(HOUR);
            function.http.down(InMemoryFunction.LOGIN);
            for (int i = 0; i < 10; i++) {
                assertEquals(Reason.SERVICE_TOKEN_UNAVAILABLE, decide());
                function.clock.advance(Duration.ofSeconds(10));
            }

            function.clock.advance(HOUR);
            function.http.on(
                    InMemoryFunction.LOGIN, InMemoryFunction.goodAnswerOf(InMemoryFunction.LOGIN));

            assertEquals(Reason.ALLOWED, decide());
        }
    }

    @Nested
    class SetBack {

        @Test
        void renewsKeysAndServiceTokenBesideTheNextRequest() {
            decide();

            function.clock.advance(HOUR.negated());

            assertEquals(Reason.ALLOWED, decide());
            assertEquals(List.of(2, 2, 2), calls());
            assertEquals(Reason.ALLOWED, decide());
            assertEquals(List.of(2, 2, 3), calls());
        }

        @Test
        void usesKeysForADayAtMostWhileTheIssuerIsDown() {
            decide();
            function.http.down(InMemoryFunction.KEYS);

            function.clock.advance(YEAR.negated());
            assertEquals(Reason.ALLOWED, decide());
            function.clock.advance(Duration.ofHours(24));

            assertEquals(Reason.KEYS_UNAVAILABLE, decide());
        }

        @Test
        void doesNotUseAnAnswerOfTheServiceAgain() {
            function.http.on(InMemoryFunction.VALIDATION, _ -> USABLE_FOR_A_MINUTE);
            String token =
                    function.tokens.access(
                            Tokens.with(
                                    "iat", function.clock.instant().minus(HOUR).getEpochSecond()));
            decide(token);

            function.clock.advance(HOUR.negated());

            assertEquals(Reason.ALLOWED, decide(token).reason());
            assertEquals(2, calls(InMemoryFunction.VALIDATION));
        }

        /** API Gateway compares the end of the token with its own clock. */
        @Test
        void writesTheEndOfTheTokenIntoAnAllow() {
            String token = function.tokens.access();
            function.clock.advance(HOUR);
            assertEquals(Reason.TOKEN_EXPIRED, decide(token).reason());

            function.clock.advance(HOUR.negated());

            Decision.Allow allow = assertInstanceOf(Decision.Allow.class, decide(token));
            assertEquals(
                    function.clock.instant().plus(HOUR).getEpochSecond(),
                    allow.token().expiresAt());
        }

        /** Otherwise a call would wait until the clock shows the deadline again. */
        @Test
        void endsACallWithoutAnAnswer() throws IOException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Thread.ofVirtual()
                        .start(() -> {
                            try (Socket accepted = server.accept()) {
                                function.clock.advance(HOUR.negated());
                                accepted.getInputStream()
                                        .transferTo(OutputStream.nullOutputStream());
                            } catch (IOException e) {
                                // the client has left
                            }
                        });
                HttpClient client =
                        new HttpClient(function.clock, TlsLayer.trusting(TrustStore.ofJvm()));
                String url = "http://127.0.0.1:" + server.getLocalPort() + "/keys";

                Reply reply =
                        client.send(
                                HttpCall.getOnce(Endpoint.parse(url).orElseThrow(), "*/*"),
                                Deadline.in(Duration.ofMillis(100), function.clock));

                assertTrue(assertInstanceOf(Reply.Failed.class, reply).timeOut());
            }
        }
    }

    @Nested
    class SetForward {

        @Test
        void refusesByTheClockAndAllowsAfterTheClockIsRight() {
            String token = function.tokens.access();
            decide(token);

            function.clock.advance(YEAR);
            assertEquals(Reason.TOKEN_EXPIRED, decide(token).reason());
            function.clock.advance(YEAR.negated());

            assertEquals(Reason.ALLOWED, decide(token).reason());
        }

        /** What was fetched in the future is not kept until then. */
        @Test
        void renewsWhatWasFetchedMeanwhileAfterTheClockIsRight() {
            function.clock.advance(YEAR);
            decide();
            function.clock.advance(YEAR.negated());

            assertEquals(Reason.ALLOWED, decide());
            assertEquals(List.of(2, 2, 2), calls());
            assertEquals(Reason.ALLOWED, decide());
            assertEquals(List.of(2, 2, 3), calls());
        }
    }

    /** A rotation of the keys while 1,000 tokens a second name keys that do not exist. */
    @Nested
    class RotationDuringAFlood {
        private static final int SECONDS = 26;
        private static final Duration INTERVAL = Duration.ofSeconds(10);
        private static final SigningKey NEXT = SigningKey.generate("next");

        private final String made =
                function.tokens
                        .access(Tokens.with("exp", 4_000_000_000L))
                        .replaceFirst("[^.]*", "");
        private int number;

        @Test
        void allowsTheNewKeyWithinOneIntervalAndBoundsTheFetches() throws IOException {
            Tokens next = function.tokens.signedWith(NEXT);
            List<Reason> answers = new ArrayList<>();
            decide();

            for (int second = 0; second < SECONDS; second++) {
                if (second == 13) {
                    publishBoth();
                }
                for (int i = 0; i < 1_000; i++) {
                    function.clock.advance(Duration.ofMillis(1));
                    Reason flood = decide(withMadeUpKey()).reason();
                    assertTrue(
                            flood == Reason.TOKEN_KEY_UNKNOWN || flood == Reason.KEYS_UNAVAILABLE,
                            flood::code);
                }
                assertEquals(Reason.ALLOWED, decide());
                if (second >= 13) {
                    answers.add(decide(next.access()).reason());
                }
            }

            int wait = answers.indexOf(Reason.ALLOWED);
            assertTrue(wait >= 0 && wait < INTERVAL.toSeconds(), answers::toString);
            assertEquals(
                    List.of(Reason.ALLOWED),
                    answers.subList(wait, answers.size()).stream().distinct().toList());
            int most = 1 + 1 + SECONDS / (int) INTERVAL.toSeconds();
            assertTrue(calls(InMemoryFunction.KEYS) <= most, calls()::toString);
        }

        private String withMadeUpKey() {
            number++;
            return SigningKey.encode("{\"kid\":\"made-up-" + number + "\",\"alg\":\"RS256\"}")
                    + made;
        }

        private void publishBoth() throws IOException {
            function.http.on(
                    InMemoryFunction.KEYS,
                    new ObjectMapper()
                            .writeValueAsString(
                                    Map.of(
                                            "keys",
                                            List.of(InMemoryFunction.KEY.jwk(), NEXT.jwk()))));
        }
    }
}
