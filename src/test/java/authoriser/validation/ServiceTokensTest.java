package authoriser.validation;

import static authoriser.validation.ServiceSettings.ISSUER;
import static authoriser.validation.ServiceSettings.SECRET;
import static authoriser.validation.ServiceSettings.inTurn;
import static authoriser.validation.ServiceSettings.service;
import static authoriser.validation.ServiceSettings.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.invocation.Invocations;
import authoriser.secrets.SecretSource;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import authoriser.validation.ServiceTokens.Lookup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ServiceTokensTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final ManualClock clock = new ManualClock(START);
    private final PretendHttp network = new PretendHttp();
    private final ServiceTokens tokens = tokens(service());

    private ServiceTokens tokens(Config.Service service) {
        return tokens(service, SecretSource.fixed(new Secret(SECRET)));
    }

    private ServiceTokens tokens(Config.Service service, SecretSource secrets) {
        return new ServiceTokens(network, service, secrets, clock);
    }

    /** The token endpoint issues the tokens t1, t2 and so on, each valid for an hour. */
    private void issueTokens() {
        AtomicInteger number = new AtomicInteger();
        network.on(ISSUER, request -> token("t" + number.incrementAndGet()));
    }

    private Invocation seconds(long seconds) {
        return Invocations.in(Duration.ofSeconds(seconds), clock);
    }

    private int calls() {
        return network.sent().size();
    }

    /** The token to send now, or the detail of the failure. */
    private String current() {
        return text(tokens.current(seconds(5)));
    }

    private static String text(Lookup lookup) {
        return switch (lookup) {
            case Lookup.Found(ServiceToken token) -> token.value().reveal();
            case Lookup.Missing(String detail) -> detail;
        };
    }

    /** The token to send now. Waits until the background tasks of the invocation have ended. */
    private String currentAndRenewed() {
        Invocation invocation = seconds(5);
        String token = text(tokens.current(invocation));
        invocation.awaitTasks(Duration.ofSeconds(5));
        return token;
    }

    private ServiceToken held() {
        return ((Lookup.Found) tokens.current(seconds(5))).token();
    }

    private static Reply failed() {
        return new Reply.Failed(ISSUER + ": the connection was refused");
    }

    private static Reply invalidClient(int status) {
        return PretendHttp.answer(
                status,
                "{\"error\":\"invalid_client\",\"error_description\":\"top-secret-value\"}");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does the work on this number of threads, and {@code meanwhile} on the current thread. */
    private static void inParallel(int threads, Callable<?> work, Callable<?> meanwhile)
            throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(work));
            }
            meanwhile.call();
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void printsNoTokenAndNoSecret() {
        network.on(
                ISSUER,
                inTurn(
                        token("t1-secret-token"),
                        invalidClient(400),
                        PretendHttp.answer(200, "{\"access_token\":\"t1-secret-token x\"}"),
                        PretendHttp.answer(200, "t1-secret-token"),
                        PretendHttp.answer(500, "t1-secret-token")));
        StringBuilder printed = new StringBuilder();

        for (int i = 0; i < 5; i++) {
            printed.append(tokens.current(seconds(5)));
            clock.advance(Duration.ofHours(1));
        }

        assertFalse(printed.toString().contains("secret-token"), "a token is printed");
        assertFalse(printed.toString().contains(SECRET), "the secret is printed");
        assertEquals(5, calls());
    }

    /** RFC 6749 section 4.4.2. */
    @Nested
    class Request {

        @Test
        void usesTheClientCredentialsGrant() {
            issueTokens();
            current();

            assertEquals(
                    List.of(
                            """
                            POST /oauth2/token HTTP/1.1\r
                            Host: auth.example.com\r
                            Accept: application/json\r
                            Accept-Encoding: identity\r
                            User-Agent: cognito-request-authoriser\r
                            Connection: close\r
                            Authorization: Basic c2VydmljZS1jbGllbnQ6dG9wLXNlY3JldC12YWx1ZQ==\r
                            Content-Type: application/x-www-form-urlencoded\r
                            Content-Length: 29\r
                            \r
                            grant_type=client_credentials\
                            """),
                    network.sent().stream().map(PretendHttp.Sent::message).toList());
        }

        @Test
        void sendsTheScopeInTheForm() {
            issueTokens();
            tokens(service("service-client", Optional.of("validation/ask a&b=c")))
                    .current(seconds(5));

            assertEquals(
                    "grant_type=client_credentials&scope=validation%2Fask+a%26b%3Dc",
                    network.sent().getFirst().body());
        }

        @Test
        void encodesTheCredentialsOfTheExampleInRfc6749() {
            issueTokens();
            SecretSource secret = SecretSource.fixed(new Secret("7Fjfp0ZBr1KtDRbnfVdmIw"));
            tokens(service("s6BhdRkqt3", Optional.empty()), secret).current(seconds(5));

            assertTrue(
                    network.sent()
                            .getFirst()
                            .message()
                            .contains(
                                    "\r\nAuthorization: Basic"
                                            + " czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3\r\n"));
        }

        @Test
        void formEncodesTheClientIdAndTheSecret() {
            issueTokens();
            SecretSource secret = SecretSource.fixed(new Secret("p:ss w+rd/ü\r\n"));
            tokens(service("id:1", Optional.empty()), secret).current(seconds(5));

            String message = network.sent().getFirst().message();
            String basic =
                    message.replaceFirst("(?s).*\r\nAuthorization: Basic (\\S+)\r\n.*", "$1");
            assertEquals(
                    "id%3A1:p%3Ass+w%2Brd%2F%C3%BC%0D%0A",
                    new String(Base64.getDecoder().decode(basic), StandardCharsets.US_ASCII));
        }

        @Test
        void hasTheTimeOutOfOneCall() {
            issueTokens();
            tokens.current(seconds(5));

            assertEquals(
                    START.plusSeconds(2).toEpochMilli(), network.sent().getFirst().deadline().at());
        }

        @Test
        void endsWithTheInvocation() {
            issueTokens();
            Invocation invocation = seconds(1);
            tokens.current(invocation);

            assertEquals(invocation.deadline(), network.sent().getFirst().deadline());
        }

        @Test
        void mayTakeTheWholeDeadlineOfPriming() {
            issueTokens();
            Deadline deadline = seconds(5).deadline();
            tokens.prime(deadline);

            assertSame(deadline, network.sent().getFirst().deadline());
            assertEquals("t1", current());
            assertEquals(1, calls());
        }
    }

    @Nested
    class Renewal {

        @Test
        void isNotNeededForAThousandRequestsInTheFirstMinutes() {
            issueTokens();
            for (int i = 0; i < 1_000; i++) {
                assertEquals("t1", current());
            }

            assertEquals(1, calls());
        }

        @Test
        void happensInTheBackgroundAtThreeQuartersOfTheLifetime() {
            issueTokens();
            current();

            clock.advance(Duration.ofMinutes(45).minusMillis(1));
            assertEquals("t1", currentAndRenewed());
            assertEquals(1, calls());

            clock.advance(Duration.ofMillis(1));
            assertEquals("t1", currentAndRenewed());
            assertEquals(2, calls());
            assertEquals("t2", current());
        }

        @Test
        void doesNotDelayTheRequest() throws InterruptedException {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch mayAnswer = new CountDownLatch(1);
            network.on(ISSUER, inTurn(token("t1")));
            current();
            network.on(
                    ISSUER,
                    request -> {
                        asked.countDown();
                        await(mayAnswer);
                        return token("t2");
                    });
            clock.advance(Duration.ofMinutes(50));
            Invocation invocation = seconds(5);

            assertEquals("t1", text(tokens.current(invocation)));
            asked.await();
            assertEquals("t1", current());
            mayAnswer.countDown();
            invocation.awaitTasks(Duration.ofSeconds(5));

            assertEquals("t2", current());
        }

        @Test
        void reportsAnExceptionAsTheLastFailure() {
            network.on(ISSUER, inTurn(token("t1"), failed(), failed()));
            ServiceToken first = held();
            clock.advance(Duration.ofMinutes(45));
            tokens.replace(first, seconds(5));
            tokens.replace(first, seconds(5));
            network.on(
                    ISSUER,
                    request -> {
                        throw new IllegalStateException("on purpose");
                    });

            currentAndRenewed();

            assertEquals(
                    "auth.example.com: the fetch of a service token threw"
                            + " java.lang.IllegalStateException",
                    text(tokens.replace(first, seconds(5))));
        }

        @Test
        void isTriedAgainTenSecondsAfterAFailure() {
            network.on(ISSUER, inTurn(token("t1"), failed(), failed(), token("t2")));
            current();

            clock.advance(Duration.ofMinutes(45));
            assertEquals("t1", currentAndRenewed());
            assertEquals(2, calls());

            clock.advance(Duration.ofSeconds(10).minusMillis(1));
            assertEquals("t1", currentAndRenewed());
            assertEquals(2, calls());

            clock.advance(Duration.ofMillis(1));
            assertEquals("t1", currentAndRenewed());
            assertEquals(3, calls());

            clock.advance(Duration.ofSeconds(10));
            assertEquals("t1", currentAndRenewed());
            assertEquals("t2", current());
            assertEquals(4, calls());
        }
    }

    @Nested
    class Priming {

        @Test
        void reportsNothingIfThereIsAToken() {
            issueTokens();

            assertEquals(Optional.empty(), tokens.prime(seconds(5).deadline()));
            assertEquals(Optional.empty(), tokens.prime(seconds(5).deadline()));
            assertEquals(1, calls());
        }

        @Test
        void reportsAFailedFetch() {
            network.on(ISSUER, request -> failed());

            assertEquals(
                    Optional.of("auth.example.com: the connection was refused"),
                    tokens.prime(seconds(5).deadline()));
        }

        @Test
        void reportsAnotherFetchThatLastsUntilTheDeadline() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch mayAnswer = new CountDownLatch(1);
            network.on(
                    ISSUER,
                    request -> {
                        asked.countDown();
                        await(mayAnswer);
                        return token("t1");
                    });

            inParallel(
                    1,
                    () -> current(),
                    () -> {
                        asked.await();
                        Invocation soon =
                                Invocations.in(Duration.ofMillis(50), InstantSource.system());
                        Optional<String> failure = tokens.prime(soon.deadline());
                        mayAnswer.countDown();
                        assertEquals(
                                Optional.of(
                                        "auth.example.com: another fetch of a service token lasted"
                                                + " until the deadline"),
                                failure);
                        return null;
                    });
        }
    }

    @Nested
    class Lifetime {

        @Test
        void endsTenSecondsEarly() {
            network.on(ISSUER, inTurn(token("t1"), failed(), token("t2")));
            current();

            clock.advance(Duration.ofHours(1).minusSeconds(10).minusMillis(1));
            assertEquals("t1", currentAndRenewed());

            clock.advance(Duration.ofMillis(1));
            assertEquals("t2", current());
        }

        @Test
        void beginsWhenTheRequestIsSent() {
            network.on(
                    ISSUER,
                    request -> {
                        clock.advance(Duration.ofSeconds(5));
                        return token("t1");
                    });

            assertEquals(
                    new Lookup.Found(
                            ServiceToken.issued("t1", Duration.ofHours(1), START.toEpochMilli())),
                    tokens.current(seconds(20)));
        }

        @Test
        void isFiveMinutesWithoutExpiresIn() {
            network.on(
                    ISSUER,
                    inTurn(
                            PretendHttp.answer(
                                    200, "{\"access_token\":\"t1\",\"token_type\":\"bearer\"}")));

            assertEquals(
                    ServiceToken.issued("t1", Duration.ofMinutes(5), START.toEpochMilli()), held());
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "-1", "null", "\"soon\"", "true", "[]", "{}", "0.5"})
        void isFiveMinutesWithAnInvalidExpiresIn(String expiresIn) {
            network.on(ISSUER, inTurn(token("t1", expiresIn)));

            assertEquals(
                    ServiceToken.issued("t1", Duration.ofMinutes(5), START.toEpochMilli()), held());
            assertEquals("t1", current());
        }

        @ParameterizedTest
        @ValueSource(strings = {"3600", "3600.9", "\"3600\"", "3.6e3"})
        void isReadFromANumberOrAString(String expiresIn) {
            network.on(ISSUER, inTurn(token("t1", expiresIn)));

            assertEquals(
                    ServiceToken.issued("t1", Duration.ofHours(1), START.toEpochMilli()), held());
        }

        @ParameterizedTest
        @ValueSource(strings = {"86401", "99999999999999", "1e300"})
        void isOneDayAtMost(String expiresIn) {
            network.on(ISSUER, inTurn(token("t1", expiresIn)));

            assertEquals(
                    ServiceToken.issued("t1", Duration.ofDays(1), START.toEpochMilli()), held());
        }

        @Test
        void doesNotEndWhenTheClockIsSetBackButIsRenewed() {
            issueTokens();
            current();

            clock.advance(Duration.ofDays(-1));

            assertEquals("t1", currentAndRenewed());
            assertEquals("t2", current());
            assertEquals(2, calls());
        }
    }

    @Nested
    class SeveralThreads {

        @Test
        void shareOneFetch() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch mayAnswer = new CountDownLatch(1);
            network.on(
                    ISSUER,
                    request -> {
                        asked.countDown();
                        await(mayAnswer);
                        return token("t1");
                    });
            Set<String> seen = ConcurrentHashMap.newKeySet();

            inParallel(
                    16,
                    () -> seen.add(current()),
                    () -> {
                        asked.await();
                        mayAnswer.countDown();
                        return null;
                    });

            assertEquals(Set.of("t1"), seen);
            assertEquals(1, calls());
        }

        @Test
        void shareOneRenewal() throws Exception {
            issueTokens();
            current();
            clock.advance(Duration.ofMinutes(45));
            Set<String> seen = ConcurrentHashMap.newKeySet();

            inParallel(16, () -> seen.add(currentAndRenewed()), () -> null);

            assertTrue(Set.of("t1", "t2").containsAll(seen), seen::toString);
            assertEquals("t2", current());
            assertEquals(2, calls());
        }

        @Test
        void shareOneReplacement() throws Exception {
            issueTokens();
            ServiceToken refused = held();
            Set<String> seen = ConcurrentHashMap.newKeySet();

            inParallel(16, () -> seen.add(text(tokens.replace(refused, seconds(5)))), () -> null);

            assertEquals(Set.of("t2"), seen);
            assertEquals(2, calls());
        }

        @Test
        void waitForAFetchUntilTheirDeadlineAtMost() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch mayAnswer = new CountDownLatch(1);
            network.on(
                    ISSUER,
                    request -> {
                        asked.countDown();
                        await(mayAnswer);
                        return token("t1");
                    });

            inParallel(
                    1,
                    () -> current(),
                    () -> {
                        asked.await();
                        Invocation soon =
                                Invocations.in(Duration.ofMillis(50), InstantSource.system());
                        assertEquals(
                                "auth.example.com: another fetch of a service token lasted until the deadline",
                                text(tokens.current(soon)));
                        mayAnswer.countDown();
                        return null;
                    });
        }

        @Test
        void waitForAReplacementUntilTheirDeadlineAtMost() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch mayAnswer = new CountDownLatch(1);
            network.on(ISSUER, inTurn(token("t1")));
            ServiceToken first = held();
            network.on(
                    ISSUER,
                    request -> {
                        asked.countDown();
                        await(mayAnswer);
                        return token("t2");
                    });

            inParallel(
                    1,
                    () -> tokens.replace(first, seconds(5)),
                    () -> {
                        asked.await();
                        Invocation soon =
                                Invocations.in(Duration.ofMillis(50), InstantSource.system());
                        assertEquals(
                                "auth.example.com: another fetch of a service token lasted until the deadline",
                                text(tokens.replace(first, soon)));
                        mayAnswer.countDown();
                        return null;
                    });
        }

        @Test
        void doNotWaitWhenInterruptedAndStayInterrupted() {
            issueTokens();
            Thread.currentThread().interrupt();

            assertEquals(
                    "auth.example.com: another fetch of a service token lasted until the deadline",
                    current());

            assertTrue(Thread.interrupted());
            assertEquals(0, calls());
        }

        @Test
        void findEachLockReleased() throws Exception {
            network.on(ISSUER, inTurn(failed(), token("t1"), token("t2"), token("t3")));
            tokens.prime(seconds(5).deadline());
            inParallel(
                    1,
                    () -> {
                        assertEquals("t1", current());
                        return null;
                    },
                    () -> null);
            tokens.replace(held(), seconds(5));
            clock.advance(Duration.ofMinutes(1));
            tokens.accepted();

            inParallel(
                    1,
                    () -> {
                        assertEquals("t3", text(tokens.replace(held(), seconds(5))));
                        return null;
                    },
                    () -> null);
        }
    }

    @Nested
    class Failure {

        @Test
        void causesLongerPausesFromTheSecondOneOn() {
            network.on(ISSUER, request -> failed());
            List<Duration> tries = new ArrayList<>();

            for (int tenths = 0; tenths < 600; tenths++) {
                int before = calls();
                assertEquals("auth.example.com: the connection was refused", current());
                if (calls() > before) {
                    assertEquals(before + 1, calls());
                    tries.add(Duration.between(START, clock.instant()));
                }
                clock.advance(Duration.ofMillis(100));
            }

            assertEquals(
                    List.of(
                            "PT0S", "PT0.1S", "PT1.1S", "PT3.1S", "PT7.1S", "PT15.1S", "PT25.1S",
                            "PT35.1S", "PT45.1S", "PT55.1S"),
                    tries.stream().map(Duration::toString).toList());
        }

        @Test
        void isForgottenAfterASuccess() {
            network.on(
                    ISSUER,
                    inTurn(failed(), failed(), token("t1"), failed(), failed(), token("t2")));
            current();
            current();
            clock.advance(Duration.ofSeconds(1));
            assertEquals("t1", current());

            clock.advance(Duration.ofHours(1));
            current();
            assertEquals("auth.example.com: the connection was refused", current());
            clock.advance(Duration.ofSeconds(1).minusMillis(1));
            assertEquals("auth.example.com: the connection was refused", current());
            clock.advance(Duration.ofMillis(1));
            assertEquals("t2", current());
        }

        @Test
        void causesNoPauseInPriming() {
            network.on(ISSUER, inTurn(failed(), failed(), failed(), token("t1")));
            tokens.prime(seconds(5).deadline());

            current();
            current();
            clock.advance(Duration.ofSeconds(1));

            assertEquals("t1", current());
        }
    }

    @Nested
    class Response {

        @ParameterizedTest
        @ValueSource(ints = {201, 204, 302, 307, 400, 401, 403, 404, 429, 500, 503})
        void isAFailureWithAnyStatusOtherThan200(int status) {
            network.on(
                    ISSUER,
                    inTurn(
                            PretendHttp.answer(
                                    status,
                                    "{\"access_token\":\"t1\",\"token_type\":\"Bearer\","
                                            + "\"error\":\"invalid_scope\"}")));

            assertEquals("auth.example.com: the token endpoint's status is " + status, current());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "access_token=t1&token_type=bearer",
                    "<html>",
                    "null",
                    "[]",
                    "[{\"access_token\":\"t1\"}]",
                    "{\"access_token\":1,\"token_type\":\"Bearer\"}",
                    "{\"access_token\":null,\"token_type\":\"Bearer\"}",
                    "{\"access_token\":{\"access_token\":\"t1\"},\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\",\"token_type\":1}",
                    "{\"access_token\":\"t1\",\"access_token\":\"t2\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\",\"token_type\":\"Bearer\"",
                    "{\"access_token\":\"t1\",\"token_type\":\"Bearer\"} x"
                })
        void isAFailureIfTheBodyIsNotTheJsonOfTheGrant(String body) {
            network.on(ISSUER, inTurn(PretendHttp.answer(200, body)));

            assertEquals(
                    "auth.example.com: the token endpoint's answer is not the expected JSON",
                    current());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"token_type\":\"Bearer\",\"expires_in\":3600}",
                    "{\"access_token\":\"\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\",\"token_type\":\"mac\"}",
                    "{\"access_token\":\"t1\",\"token_type\":\"DPoP\"}",
                    "{\"access_token\":\"t1 x\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\\r\\nX-Injected: y\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\\n\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\\u0000\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"t1\\u007f\",\"token_type\":\"Bearer\"}",
                    "{\"access_token\":\"tä\",\"token_type\":\"Bearer\"}"
                })
        void isAFailureWithoutABearerToken(String body) {
            network.on(ISSUER, inTurn(PretendHttp.answer(200, body)));

            assertEquals(
                    "auth.example.com: the token endpoint's answer holds no bearer token",
                    current());
        }

        /** Some serialisers write null for an absent member. */
        @ParameterizedTest
        @ValueSource(strings = {"token_type", "expires_in", "refresh_token", "scope", "id_token"})
        void mayHaveAnOptionalMemberThatIsNull(String member) {
            network.on(
                    ISSUER,
                    inTurn(
                            PretendHttp.answer(
                                    200, "{\"access_token\":\"t1\",\"" + member + "\":null}")));

            assertEquals(
                    ServiceToken.issued("t1", Duration.ofMinutes(5), START.toEpochMilli()), held());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"access_token\":\"t1\"}",
                    "{\"access_token\":\"t1\",\"token_type\":\"BEARER\"}",
                    "{\"access_token\":\"t1\",\"token_type\":\"bearer\",\"scope\":\"a b\",\"x\":{}}"
                })
        void mayOmitOptionalMembersAndHaveUnknownOnes(String body) {
            network.on(ISSUER, inTurn(PretendHttp.answer(200, body)));

            assertEquals("t1", current());
        }

        @Test
        void mayHaveATokenOfAllPrintableCharacters() {
            network.on(ISSUER, inTurn(token("!~azAZ09-._+/=")));

            assertEquals("!~azAZ09-._+/=", current());
        }
    }

    @Nested
    class RotatedSecret {

        /** Gives these readings, one after each other. */
        private static final class Rotation implements SecretSource {
            private final List<Reading> readings;
            private int rereads;

            Rotation(Reading... readings) {
                this.readings = List.of(readings);
            }

            static Reading secret(String value) {
                return new Reading.Read(new Secret(value));
            }

            @Override
            public Reading current(Deadline deadline) {
                return readings.get(rereads);
            }

            @Override
            public boolean rereadable() {
                return true;
            }

            @Override
            public Reading reread(Deadline deadline) {
                return readings.get(++rereads);
            }
        }

        private static String basic(String secret) {
            String pair = "service-client:" + secret;
            return "\r\nAuthorization: Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                    + "\r\n";
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 401})
        void isReadAndSentAfterInvalidClient(int status) {
            network.on(ISSUER, inTurn(invalidClient(status), token("t1")));
            Rotation secrets = new Rotation(Rotation.secret("old"), Rotation.secret("new"));

            assertEquals("t1", text(tokens(service(), secrets).current(seconds(5))));

            assertTrue(network.sent().get(0).message().contains(basic("old")));
            assertTrue(network.sent().get(1).message().contains(basic("new")));
            assertEquals(1, secrets.rereads);
        }

        @Test
        void thatIsRefusedTooIsAFailureAndCausesPauses() {
            network.on(ISSUER, request -> invalidClient(400));
            Rotation secrets =
                    new Rotation(Rotation.secret("a"), Rotation.secret("b"), Rotation.secret("c"));
            ServiceTokens tokens = tokens(service(), secrets);

            for (int i = 0; i < 100; i++) {
                assertEquals(
                        "auth.example.com: the client id or its secret is not accepted"
                                + " (invalid_client)",
                        text(tokens.current(seconds(5))));
            }

            assertEquals(2, secrets.rereads);
            assertEquals(4, calls());
        }

        @Test
        void isNotReadIfTheSecretIsFromTheSettings() {
            network.on(ISSUER, inTurn(invalidClient(400)));

            assertEquals(
                    "auth.example.com: the client id or its secret is not accepted (invalid_client)",
                    current());
        }

        @ParameterizedTest
        @ValueSource(ints = {402, 403, 500})
        void isNotReadAfterInvalidClientWithAnotherStatus(int status) {
            network.on(ISSUER, inTurn(invalidClient(status)));
            Rotation secrets = new Rotation(Rotation.secret("old"));

            assertEquals(
                    "auth.example.com: the token endpoint's status is " + status,
                    text(tokens(service(), secrets).current(seconds(5))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "invalid_client",
                    "{\"error\":\"invalid_grant\"}",
                    "{\"error\":\"invalid_client_metadata\"}",
                    "{\"error\":[\"invalid_client\"]}",
                    "{\"error\":{\"error\":\"invalid_client\"}}",
                    "{\"error_description\":\"invalid_client\"}"
                })
        void isNotReadAfterOtherErrors(String body) {
            network.on(ISSUER, inTurn(PretendHttp.answer(400, body)));
            Rotation secrets = new Rotation(Rotation.secret("old"));

            assertEquals(
                    "auth.example.com: the token endpoint's status is 400",
                    text(tokens(service(), secrets).current(seconds(5))));
        }

        @Test
        void causesNoRequestIfTheSecretCannotBeRead() {
            Rotation secrets = new Rotation(new SecretSource.Reading.Failed("no such secret"));

            assertEquals("no such secret", text(tokens(service(), secrets).current(seconds(5))));
            assertEquals(0, calls());
        }

        @Test
        void thatCannotBeReadIsAFailure() {
            network.on(ISSUER, inTurn(invalidClient(400)));
            Rotation secrets =
                    new Rotation(
                            Rotation.secret("old"),
                            new SecretSource.Reading.Failed("no such secret"));

            assertEquals("no such secret", text(tokens(service(), secrets).current(seconds(5))));
        }
    }

    @Nested
    class RefusedToken {

        private static final String IN_PAUSE = "the service refuses each new token";

        /** Replaces the token held. The service then refuses the new token, too. */
        private String replaceWithARefusedOne() {
            Lookup replacement = tokens.replace(held(), seconds(5));
            if (replacement instanceof Lookup.Found) {
                tokens.replacementRefused(seconds(5).deadline());
            }
            return text(replacement);
        }

        @Test
        void isReplaced() {
            issueTokens();

            assertEquals("t2", text(tokens.replace(held(), seconds(5))));
            assertEquals("t2", current());
        }

        @Test
        void isNotReplacedTwice() {
            issueTokens();
            ServiceToken first = held();
            tokens.replace(first, seconds(5));

            assertEquals("t2", text(tokens.replace(first, seconds(5))));
            assertEquals(2, calls());
        }

        @Test
        void isKeptUntilAReplacementArrives() {
            network.on(ISSUER, inTurn(token("t1"), failed(), token("t2")));
            ServiceToken first = held();

            assertEquals(
                    "auth.example.com: the connection was refused",
                    text(tokens.replace(first, seconds(5))));
            assertEquals("t1", current());
            assertEquals("t2", text(tokens.replace(first, seconds(5))));
        }

        @Test
        void isReplacedAtMostOnceASecondIfItIsAReplacement() {
            issueTokens();
            tokens.replace(held(), seconds(5));

            clock.advance(Duration.ofSeconds(1).minusMillis(1));
            assertEquals(IN_PAUSE, text(tokens.replace(held(), seconds(5))));
            assertEquals("t2", current());
            clock.advance(Duration.ofMillis(1));
            assertEquals("t3", text(tokens.replace(held(), seconds(5))));
        }

        @Test
        void isReplacedAtOnceIfTheReplacementBeforeWasAccepted() {
            issueTokens();

            for (int i = 2; i < 20; i++) {
                assertEquals("t" + i, text(tokens.replace(held(), seconds(5))));
                tokens.accepted();
                clock.advance(Duration.ofSeconds(1));
            }
        }

        @Test
        void isReplacedAfterLongerPausesIfEveryReplacementIsRefused() {
            issueTokens();
            current();
            List<Duration> fetches = new ArrayList<>();

            for (int tenths = 0; tenths < 600; tenths++) {
                int before = calls();
                String replaced = replaceWithARefusedOne();
                if (calls() > before) {
                    assertEquals(before + 1, calls());
                    fetches.add(Duration.between(START, clock.instant()));
                } else {
                    assertEquals(IN_PAUSE, replaced);
                }
                clock.advance(Duration.ofMillis(100));
            }

            assertEquals(
                    List.of(
                            "PT0S", "PT1S", "PT2S", "PT4S", "PT8S", "PT16S", "PT26S", "PT36S",
                            "PT46S", "PT56S"),
                    fetches.stream().map(Duration::toString).toList());
        }

        @Test
        void isReplacedAfterLongerPausesAlsoIfOtherRequestsAreAccepted() {
            issueTokens();
            current();

            for (int tenths = 0; tenths < 600; tenths++) {
                tokens.current(seconds(5));
                tokens.accepted();
                replaceWithARefusedOne();
                clock.advance(Duration.ofMillis(100));
            }

            assertEquals(11, calls());
        }

        @Test
        void isSentForOtherRequestsDuringAPause() {
            issueTokens();
            replaceWithARefusedOne();
            clock.advance(Duration.ofSeconds(1));
            replaceWithARefusedOne();

            assertEquals(IN_PAUSE, text(tokens.replace(held(), seconds(5))));
            assertEquals("t3", current());
        }

        @Test
        void isReplacedAtOnceAgainOneMinuteAfterTheLastRefusalAndAnAcceptedRequest() {
            issueTokens();
            for (int i = 0; i < 600; i++) {
                replaceWithARefusedOne();
                clock.advance(Duration.ofMillis(100));
            }
            int before = calls();

            // the last replacement was 4 seconds ago
            clock.advance(Duration.ofSeconds(56).minusMillis(1));
            tokens.accepted();
            replaceWithARefusedOne();
            clock.advance(Duration.ofSeconds(1));
            assertEquals(IN_PAUSE, replaceWithARefusedOne());
            assertEquals(before + 1, calls());

            clock.advance(Duration.ofSeconds(59));
            tokens.accepted();
            replaceWithARefusedOne();
            clock.advance(Duration.ofSeconds(1));
            replaceWithARefusedOne();
            assertEquals(before + 3, calls());
        }
    }
}
