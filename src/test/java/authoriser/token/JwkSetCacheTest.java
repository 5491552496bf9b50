package authoriser.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import authoriser.http.Endpoint;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.invocation.Invocations;
import authoriser.standin.ManualClock;
import authoriser.standin.SigningKey;
import authoriser.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The states of the cache, with one request after another. */
@Timeout(60)
class JwkSetCacheTest {
    private static final SigningKey ONE = SampleKeys.ONE;
    private static final SigningKey TWO = SampleKeys.TWO;
    private static final String UNPUBLISHED = "unpublished";
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration INVOCATION = Duration.ofSeconds(9);
    private static final Endpoint ENDPOINT =
            Endpoint.parse("https://issuer.example/pool/.well-known/jwks.json").orElseThrow();
    private static final KeyLookup UNKNOWN = new KeyLookup.Unknown();
    private static final KeyLookup STATUS_503 =
            new KeyLookup.Unavailable("issuer.example: the keys' status is 503");

    private final ManualClock clock = ManualClock.anytime();
    private final ScriptedIssuer issuer = ScriptedIssuer.publishing(ONE);
    private final JwkSetCache cache = new JwkSetCache(issuer, ENDPOINT, TIMEOUT, clock);

    @Nested
    class Empty {

        @Test
        void fetchesTheSetAndFindsTheKey() {
            assertFound(ONE, find(ONE.kid()));
            assertEquals(1, issuer.calls());
        }

        @Test
        void doesNotFindAKeyThatIsNotInTheNewSet() {
            assertEquals(UNKNOWN, find(UNPUBLISHED));
            assertEquals(1, issuer.calls());
        }

        @Test
        void limitsTheFetchToTheTimeOutOfOneCall() {
            find(ONE.kid());

            assertEquals(TIMEOUT, issuer.lastTimeAllowed());
        }

        @Test
        void limitsTheFetchToTheTimeOfTheInvocation() {
            cache.find(ONE.kid(), Invocations.in(Duration.ofMillis(1_999), clock));

            assertEquals(Duration.ofMillis(1_999), issuer.lastTimeAllowed());
        }

        @Test
        void isUnavailableAfterAFailedFetch() {
            issuer.fail();

            assertEquals(STATUS_503, find(ONE.kid()));
        }

        @Test
        void reportsTheFailureOfTheSender() {
            issuer.behave((call, deadline) -> new Reply.Failed("issuer.example: no answer"));

            assertEquals(new KeyLookup.Unavailable("issuer.example: no answer"), find(ONE.kid()));
        }

        @Test
        void triesAgainAfterOneTwoFourEightAndThenTenSeconds() {
            issuer.fail();
            find(ONE.kid());

            List<Long> pauses = new ArrayList<>();
            for (int failure = 0; failure < 6; failure++) {
                pauses.add(secondsUntilTheNextFetch());
            }

            assertEquals(List.of(1L, 2L, 4L, 8L, 10L, 10L), pauses);
        }

        @Test
        void pausesFromTheEndOfAFailedTry() {
            issuer.behave((call, deadline) -> {
                clock.advance(TIMEOUT);
                return new Reply.Failed("issuer.example: no answer");
            });
            find(ONE.kid());

            clock.advance(SECOND.minus(MILLISECOND));
            find(ONE.kid());

            assertEquals(1, issuer.calls());
        }

        @Test
        void findsTheKeyAfterTheFirstSuccessfulTry() {
            issuer.fail();
            find(ONE.kid());
            issuer.publish(ONE);

            assertEquals(STATUS_503, find(ONE.kid()));
            clock.advance(SECOND);
            assertFound(ONE, find(ONE.kid()));
        }

        @Test
        void forgetsEarlierFailuresAfterASuccess() {
            issuer.fail();
            find(ONE.kid());
            secondsUntilTheNextFetch();
            issuer.publish(ONE);
            clock.advance(Duration.ofSeconds(10));
            assertFound(ONE, find(ONE.kid()));

            issuer.fail();
            clock.advance(JwkSetCache.HARD_AGE);
            find(ONE.kid());
            assertEquals(1, secondsUntilTheNextFetch());
        }

        private long secondsUntilTheNextFetch() {
            int before = issuer.calls();
            long seconds = 0;
            while (issuer.calls() == before) {
                clock.advance(SECOND.minus(MILLISECOND));
                assertEquals(STATUS_503, find(ONE.kid()));
                assertEquals(before, issuer.calls());
                clock.advance(MILLISECOND);
                assertEquals(STATUS_503, find(ONE.kid()));
                seconds++;
            }
            return seconds;
        }
    }

    @Nested
    class Priming {

        @Test
        void fetchesTheSetBeforeTheFirstRequest() {
            cache.prime(Deadline.in(INVOCATION, clock));

            assertFound(ONE, find(ONE.kid()));
            assertEquals(1, issuer.calls());
        }

        @Test
        void reportsNothingIfItFetchedTheSet() {
            assertEquals(Optional.empty(), cache.prime(Deadline.in(INVOCATION, clock)));
        }

        @Test
        void reportsAFailedFetch() {
            issuer.fail();

            assertEquals(
                    Optional.of("issuer.example: the keys' status is 503"),
                    cache.prime(Deadline.in(INVOCATION, clock)));
        }

        @Test
        void mayTakeTheWholeDeadline() {
            cache.prime(Deadline.in(Duration.ofSeconds(5), clock));

            assertEquals(Duration.ofSeconds(5), issuer.lastTimeAllowed());
        }

        @Test
        void causesNoPauseAfterAFailure() {
            issuer.fail();
            cache.prime(Deadline.in(INVOCATION, clock));
            issuer.publish(ONE);

            assertFound(ONE, find(ONE.kid()));
        }
    }

    @Nested
    class Fresh {

        @BeforeEach
        void hold() {
            find(ONE.kid());
        }

        @Test
        void usesAKnownKeyWithoutAFetch() {
            clock.advance(JwkSetCache.SOFT_AGE.minus(MILLISECOND));

            assertFound(ONE, find(ONE.kid()));
            assertEquals(1, issuer.calls());
        }

        @Test
        void usesAKnownKeyAlsoWithoutTimeLeft() {
            assertFound(ONE, cache.find(ONE.kid(), Invocations.in(Duration.ZERO, clock)));
        }
    }

    @Nested
    class AfterTheSoftAge {

        @BeforeEach
        void hold() {
            find(ONE.kid());
            clock.advance(JwkSetCache.SOFT_AGE);
        }

        @Test
        void usesAKnownKeyAndRenewsTheSetInTheBackground() {
            issuer.publish(ONE, TWO);

            assertFound(ONE, find(ONE.kid()));
            assertEquals(2, issuer.calls());
            assertNotEquals(Thread.currentThread(), issuer.lastCaller());
            assertFound(TWO, find(TWO.kid()));
            assertEquals(2, issuer.calls());
        }

        @Test
        void limitsTheRenewalToTheTimeOutOfOneCall() {
            find(ONE.kid());

            assertEquals(TIMEOUT, issuer.lastTimeAllowed());
        }

        @Test
        void limitsTheRenewalToTheTimeOfTheInvocation() {
            Invocation invocation = Invocations.in(Duration.ofMillis(1_999), clock);
            cache.find(ONE.kid(), invocation);
            invocation.awaitTasks(INVOCATION);

            assertEquals(Duration.ofMillis(1_999), issuer.lastTimeAllowed());
        }

        @Test
        void isFreshAfterTheRenewal() {
            find(ONE.kid());

            clock.advance(JwkSetCache.SOFT_AGE.minus(MILLISECOND));
            find(ONE.kid());
            assertEquals(2, issuer.calls());
            clock.advance(MILLISECOND);
            find(ONE.kid());
            assertEquals(3, issuer.calls());
        }

        @Test
        void usesTheOldSetIfTheRenewalFails() {
            issuer.fail();

            assertFound(ONE, find(ONE.kid()));
            assertFound(ONE, find(ONE.kid()));
        }

        @Test
        void triesAgainEveryThirtySeconds() {
            issuer.fail();
            find(ONE.kid());

            clock.advance(JwkSetCache.RENEWAL_INTERVAL.minus(MILLISECOND));
            find(ONE.kid());
            assertEquals(2, issuer.calls());
            clock.advance(MILLISECOND);
            find(ONE.kid());
            assertEquals(3, issuer.calls());
        }

        @Test
        void waitsForAnOverdueRenewalAlsoWithoutTimeToWait() {
            clock.advance(JwkSetCache.OVERDUE_AGE.minus(JwkSetCache.SOFT_AGE));
            issuer.publish(TWO);
            ScriptedIssuer.Gate gate = issuer.close();
            Invocation invocation = Invocations.in(INVOCATION, clock);

            assertFound(ONE, cache.find(ONE.kid(), invocation));
            gate.awaitCall();
            new Thread(gate::open).start();
            invocation.awaitTasks(Duration.ZERO);

            assertFound(TWO, find(TWO.kid()));
            assertEquals(2, issuer.calls());
        }

        @Test
        void doesNotFindAWithdrawnKeyAfterTheRenewal() {
            issuer.publish(TWO);

            assertFound(ONE, find(ONE.kid()));
            assertEquals(UNKNOWN, find(ONE.kid()));
        }

        @Test
        void usesAKnownKeyUntilAMillisecondBeforeTheHardAge() {
            issuer.fail();
            clock.advance(JwkSetCache.HARD_AGE.minus(JwkSetCache.SOFT_AGE).minus(MILLISECOND));

            assertFound(ONE, find(ONE.kid()));
        }
    }

    @Nested
    class FailedRenewals {

        @BeforeEach
        void hold() {
            find(ONE.kid());
            issuer.fail();
        }

        private void tryAgainAfter(Duration time) {
            clock.advance(time);
            find(ONE.kid());
        }

        @Test
        void areReportedAsOverdueAfterTwoTries() {
            tryAgainAfter(JwkSetCache.OVERDUE_AGE);
            assertEquals(Optional.empty(), cache.overdue());
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);

            assertEquals(
                    Optional.of(new OverdueKeys(3_630, "issuer.example: the keys' status is 503")),
                    cache.overdue());
        }

        @Test
        void areReportedAsOverdueAfterTwoExceptions() {
            issuer.behave((call, deadline) -> {
                throw new IllegalStateException("on purpose");
            });
            tryAgainAfter(JwkSetCache.OVERDUE_AGE);
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);

            assertEquals(
                    Optional.of(
                            new OverdueKeys(
                                    3_630,
                                    "issuer.example: the fetch of the keys threw"
                                            + " java.lang.IllegalStateException")),
                    cache.overdue());
        }

        @Test
        void areNotOverdueBecauseOfTriesBeforeTheAge() {
            tryAgainAfter(JwkSetCache.OVERDUE_AGE.minus(JwkSetCache.RENEWAL_INTERVAL));
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL.minus(MILLISECOND));
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);

            assertEquals(Optional.empty(), cache.overdue());
        }

        @Test
        void areNotOverdueAfterATimeWithoutRequests() {
            tryAgainAfter(JwkSetCache.SOFT_AGE);
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);
            clock.advance(Duration.ofHours(2));

            assertEquals(Optional.empty(), cache.overdue());
        }

        @Test
        void areNotOverdueOneHourAfterTheLastTry() {
            tryAgainAfter(JwkSetCache.OVERDUE_AGE);
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);
            clock.advance(JwkSetCache.FAILURE_REPORTED.minus(MILLISECOND));
            assertTrue(cache.overdue().isPresent());
            clock.advance(MILLISECOND);

            assertEquals(Optional.empty(), cache.overdue());
        }

        @Test
        void areNotOverdueAfterARenewal() {
            tryAgainAfter(JwkSetCache.OVERDUE_AGE);
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);
            issuer.publish(ONE);
            tryAgainAfter(JwkSetCache.RENEWAL_INTERVAL);

            assertEquals(Optional.empty(), cache.overdue());
        }
    }

    @Nested
    class AfterTheHardAge {

        @BeforeEach
        void hold() {
            find(ONE.kid());
            clock.advance(JwkSetCache.HARD_AGE);
        }

        @Test
        void fetchesTheSetBeforeAKeyIsUsed() {
            issuer.publish(TWO);

            assertEquals(UNKNOWN, find(ONE.kid()));
            assertEquals(2, issuer.calls());
            assertEquals(Thread.currentThread(), issuer.lastCaller());
        }

        @Test
        void findsTheKeyInTheNewSet() {
            assertFound(ONE, find(ONE.kid()));
        }

        @Test
        void isUnavailableIfTheFetchFails() {
            issuer.fail();

            assertEquals(STATUS_503, find(ONE.kid()));
            assertEquals(STATUS_503, find(UNPUBLISHED));
        }

        @Test
        void triesAgainAfterASecond() {
            issuer.fail();
            find(ONE.kid());
            issuer.publish(ONE);

            clock.advance(SECOND.minus(MILLISECOND));
            assertEquals(STATUS_503, find(ONE.kid()));
            clock.advance(MILLISECOND);
            assertFound(ONE, find(ONE.kid()));
        }
    }

    @Nested
    class UnknownKeyId {

        @BeforeEach
        void hold() {
            find(ONE.kid());
        }

        @Test
        void causesAFetch() {
            issuer.publish(ONE, TWO);

            assertFound(TWO, find(TWO.kid()));
            assertEquals(2, issuer.calls());
            assertEquals(Thread.currentThread(), issuer.lastCaller());
        }

        @Test
        void isUnknownAfterTheFetch() {
            assertEquals(UNKNOWN, find(UNPUBLISHED));
            assertEquals(2, issuer.calls());
        }

        @Test
        void causesNoFetchWithinTheInterval() {
            find(UNPUBLISHED);

            clock.advance(JwkSetCache.FORCED_INTERVAL.minus(MILLISECOND));
            assertEquals(UNKNOWN, find("another"));
            assertEquals(2, issuer.calls());
            clock.advance(MILLISECOND);
            assertEquals(UNKNOWN, find("another"));
            assertEquals(3, issuer.calls());
        }

        @Test
        void causesOneFetchForAThousandRequests() {
            for (int i = 0; i < 1_000; i++) {
                assertEquals(UNKNOWN, find(UNPUBLISHED + i));
            }

            assertEquals(2, issuer.calls());
        }

        @Test
        void isUnavailableIfTheFetchFails() {
            issuer.fail();

            assertEquals(STATUS_503, find(UNPUBLISHED));
        }

        @Test
        void isUnavailableUntilTheNextTry() {
            issuer.fail();
            find(UNPUBLISHED);
            issuer.publish(ONE);

            clock.advance(JwkSetCache.FORCED_INTERVAL.minus(MILLISECOND));
            assertEquals(STATUS_503, find(UNPUBLISHED));
            assertEquals(2, issuer.calls());
            clock.advance(MILLISECOND);
            assertEquals(UNKNOWN, find(UNPUBLISHED));
            assertEquals(3, issuer.calls());
        }

        @Test
        void doesNotAffectKnownKeysAfterAFailedFetch() {
            issuer.fail();
            find(UNPUBLISHED);

            assertFound(ONE, find(ONE.kid()));
        }

        @Test
        void isUnknownAgainAfterASuccessfulRenewal() {
            clock.advance(JwkSetCache.SOFT_AGE);
            issuer.fail();
            assertEquals(STATUS_503, find(UNPUBLISHED));
            issuer.publish(ONE);
            find(ONE.kid());

            assertEquals(UNKNOWN, find(UNPUBLISHED));
            assertEquals(3, issuer.calls());
        }

        @Test
        void limitsTheFetchToTheTimeOutOfOneCall() {
            find(UNPUBLISHED);

            assertEquals(TIMEOUT, issuer.lastTimeAllowed());
        }

        @Test
        void limitsTheFetchToTheTimeOfTheInvocation() {
            cache.find(UNPUBLISHED, Invocations.in(Duration.ofMillis(1_999), clock));

            assertEquals(Duration.ofMillis(1_999), issuer.lastTimeAllowed());
        }

        @Test
        void isUnavailableIfTheFetchTookTheWholeInterval() {
            issuer.behave((call, deadline) -> {
                clock.advance(JwkSetCache.FORCED_INTERVAL);
                return new Reply.Answered(200, SampleKeys.setOf(ONE));
            });

            assertEquals(
                    new KeyLookup.Unavailable(
                            "the keys are too old to know whether the kid exists"),
                    find(UNPUBLISHED));
        }

        @Test
        void isUnknownIfTheFetchTookAMillisecondLessThanTheInterval() {
            issuer.behave((call, deadline) -> {
                clock.advance(JwkSetCache.FORCED_INTERVAL.minus(MILLISECOND));
                return new Reply.Answered(200, SampleKeys.setOf(ONE));
            });

            assertEquals(UNKNOWN, find(UNPUBLISHED));
        }

        @Test
        void causesAFetchThatMakesTheSetFresh() {
            clock.advance(JwkSetCache.SOFT_AGE.minus(MILLISECOND));
            find(UNPUBLISHED);
            clock.advance(JwkSetCache.SOFT_AGE.minus(MILLISECOND));
            find(ONE.kid());

            assertEquals(2, issuer.calls());
        }

        @Test
        void doesNotPreventARotation() {
            find(UNPUBLISHED);
            issuer.publish(TWO);

            clock.advance(JwkSetCache.FORCED_INTERVAL);

            assertFound(TWO, find(TWO.kid()));
            assertEquals(UNKNOWN, find(ONE.kid()));
        }
    }

    @Nested
    class DifferentKeysWithOneKeyId {
        private static final KeyLookup AMBIGUOUS =
                new KeyLookup.Unavailable("issuer.example: different keys have the token's kid");

        private final byte[] ambiguous =
                SampleKeys.setOf(ONE, TWO, SampleKeys.withId(SampleKeys.MALLORY, TWO.kid()));

        @BeforeEach
        void hold() {
            issuer.answer(200, ambiguous);
            find(ONE.kid());
        }

        @Test
        void isUnavailable() {
            assertEquals(AMBIGUOUS, find(TWO.kid()));
        }

        @Test
        void doesNotAffectOtherKeys() {
            find(TWO.kid());

            assertFound(ONE, find(ONE.kid()));
        }

        @Test
        void causesOneFetchInAnIntervalForAThousandRequests() {
            for (int i = 0; i < 1_000; i++) {
                assertEquals(AMBIGUOUS, find(TWO.kid()));
            }
            assertEquals(2, issuer.calls());

            clock.advance(JwkSetCache.FORCED_INTERVAL.minus(MILLISECOND));
            assertEquals(AMBIGUOUS, find(TWO.kid()));
            assertEquals(2, issuer.calls());
            clock.advance(MILLISECOND);
            assertEquals(AMBIGUOUS, find(TWO.kid()));
            assertEquals(3, issuer.calls());
        }

        @Test
        void isFoundAfterTheIssuerPublishesOneKey() {
            find(TWO.kid());
            issuer.publish(ONE, TWO);

            clock.advance(JwkSetCache.FORCED_INTERVAL);

            assertFound(TWO, find(TWO.kid()));
        }

        @Test
        void isUnavailableWhileTheIssuerIsDown() {
            issuer.fail();

            assertEquals(STATUS_503, find(TWO.kid()));
            assertEquals(AMBIGUOUS, find(TWO.kid()));
            assertEquals(2, issuer.calls());
        }

        @Test
        void isUnavailableAfterTheFirstFetch() {
            JwkSetCache fresh = new JwkSetCache(issuer, ENDPOINT, TIMEOUT, clock);

            assertEquals(AMBIGUOUS, fresh.find(TWO.kid(), Invocations.in(INVOCATION, clock)));
        }

        @Test
        void isUnavailableAlsoIfOneKeyWasFoundBefore() {
            issuer.publish(ONE, TWO);
            clock.advance(JwkSetCache.FORCED_INTERVAL);
            assertFound(TWO, find(TWO.kid()));
            issuer.answer(200, ambiguous);
            clock.advance(JwkSetCache.SOFT_AGE);
            find(ONE.kid());

            assertEquals(AMBIGUOUS, find(TWO.kid()));
        }
    }

    @Nested
    class ClockSetBack {

        @BeforeEach
        void hold() {
            find(ONE.kid());
            clock.advance(Duration.ofHours(-48));
        }

        @Test
        void usesAKnownKeyAndRenewsTheSet() {
            issuer.publish(ONE, TWO);

            assertFound(ONE, find(ONE.kid()));
            assertEquals(2, issuer.calls());
            assertFound(TWO, find(TWO.kid()));
            assertEquals(2, issuer.calls());
        }

        @Test
        void renewsAtMostEveryThirtySeconds() {
            issuer.fail();
            find(ONE.kid());
            find(ONE.kid());
            clock.advance(JwkSetCache.RENEWAL_INTERVAL.minus(MILLISECOND));
            find(ONE.kid());

            assertEquals(2, issuer.calls());
        }

        @Test
        void fetchesOnceForSeveralUnknownKeyIds() {
            assertEquals(UNKNOWN, find(UNPUBLISHED));
            assertEquals(UNKNOWN, find(UNPUBLISHED));

            assertEquals(2, issuer.calls());
        }

        @Test
        void isUnavailableForAnUnknownKeyIdIfTheFetchFails() {
            issuer.fail();

            assertEquals(STATUS_503, find(UNPUBLISHED));
        }

        @Test
        void usesTheSetForTwentyThreeHoursAfterTheFirstFailure() {
            issuer.fail();
            find(ONE.kid());

            clock.advance(JwkSetCache.HARD_AGE.minus(JwkSetCache.OVERDUE_AGE).minus(MILLISECOND));
            assertFound(ONE, find(ONE.kid()));
            clock.advance(MILLISECOND);
            assertEquals(STATUS_503, find(ONE.kid()));
        }
    }

    @Nested
    class FrozenProcess {

        @Test
        void usesTheSetAndRenewsItBelowTheHardAge() {
            find(ONE.kid());
            clock.advance(Duration.ofHours(20));

            assertFound(ONE, find(ONE.kid()));
            assertEquals(2, issuer.calls());
        }

        @Test
        void fetchesTheSetAfterTheHardAge() {
            find(ONE.kid());
            clock.advance(Duration.ofDays(30));

            assertFound(ONE, find(ONE.kid()));
            assertEquals(2, issuer.calls());
        }

        @Test
        void countsTheAgeOfASetFromItsRequest() throws InterruptedException {
            find(ONE.kid());
            clock.advance(JwkSetCache.SOFT_AGE);
            ScriptedIssuer.Gate gate = issuer.close();
            Invocation invocation = Invocations.in(INVOCATION, clock);
            assertFound(ONE, cache.find(ONE.kid(), invocation));
            gate.awaitCall();
            invocation.awaitTasks(Duration.ofMillis(1));
            Thread renewal = issuer.lastCaller();

            clock.advance(JwkSetCache.HARD_AGE);
            gate.open();
            renewal.join();
            issuer.fail();

            assertEquals(STATUS_503, find(ONE.kid()));
        }
    }

    @Nested
    class RenewalAfterTheInvocation {
        private ScriptedIssuer.Gate gate;

        @BeforeEach
        void leave() {
            find(ONE.kid());
            clock.advance(JwkSetCache.SOFT_AGE);
            issuer.publish(TWO);
            gate = issuer.close();
            Invocation invocation = Invocations.in(INVOCATION, clock);
            cache.find(ONE.kid(), invocation);
            gate.awaitCall();
            invocation.awaitTasks(Duration.ofMillis(1));
        }

        @Test
        void doesNotDelayAKnownKey() {
            assertFound(ONE, find(ONE.kid()));

            gate.open();
        }

        @Test
        void isTheOnlyRenewal() {
            clock.advance(JwkSetCache.RENEWAL_INTERVAL);
            find(ONE.kid());
            assertEquals(2, issuer.calls());

            gate.open();
        }

        @Test
        void replacesTheSetWhenItEnds() throws InterruptedException {
            gate.open();
            issuer.lastCaller().join();

            assertFound(TWO, find(TWO.kid()));
            assertEquals(2, issuer.calls());
        }
    }

    /**
     * Finds the key within one invocation, and waits for the background tasks of the invocation.
     */
    private KeyLookup find(String keyId) {
        Invocation invocation = Invocations.in(INVOCATION, clock);
        KeyLookup found = cache.find(keyId, invocation);
        invocation.awaitTasks(INVOCATION);
        return found;
    }

    /** Checks that the key was found, by a signature of {@code key}. */
    static void assertFound(SigningKey key, KeyLookup lookup) {
        if (!(lookup instanceof KeyLookup.Found(VerificationKey found))) {
            throw new AssertionError("expected a key, and was " + lookup);
        }
        byte[] signature = key.signature("signed");
        assertEquals(true, found.verifies("signed".getBytes(UTF_8), signature));
    }

    private static void assertUnavailable(KeyLookup lookup) {
        assertEquals(KeyLookup.Unavailable.class, lookup.getClass());
    }

    @Test
    void isNotOverdueIfNoRequestUsedTheSet() {
        find(ONE.kid());
        clock.advance(JwkSetCache.OVERDUE_AGE);

        assertEquals(Optional.empty(), cache.overdue());
    }

    @Test
    void isNotOverdueWithoutASet() {
        issuer.fail();
        find(ONE.kid());
        clock.advance(JwkSetCache.OVERDUE_AGE);

        assertEquals(Optional.empty(), cache.overdue());
    }

    @Test
    void triesAgainAfterTheSenderThrew() {
        issuer.behave((call, deadline) -> {
            throw new IllegalStateException("on purpose");
        });
        assertThrows(IllegalStateException.class, () -> find(ONE.kid()));
        issuer.publish(ONE);

        assertFound(ONE, find(ONE.kid()));
    }

    @Nested
    class InvalidResponse {

        static Stream<Named<Reply>> invalidResponses() {
            byte[] good = SampleKeys.setOf(TWO);
            Map<String, Object> jwk = TWO.jwk();
            return Stream.of(
                    named("no answer", new Reply.Failed("issuer.example: no answer")),
                    named("201", new Reply.Answered(201, good)),
                    named("203", new Reply.Answered(203, good)),
                    named("204", new Reply.Answered(204, new byte[0])),
                    named("206", new Reply.Answered(206, good)),
                    named("redirect 301", new Reply.Answered(301, good)),
                    named("redirect 302", new Reply.Answered(302, new byte[0])),
                    named("304", new Reply.Answered(304, new byte[0])),
                    named("redirect 307", new Reply.Answered(307, good)),
                    named("400", new Reply.Answered(400, good)),
                    named("403", new Reply.Answered(403, good)),
                    named("404", new Reply.Answered(404, good)),
                    named("429", new Reply.Answered(429, good)),
                    named("500", new Reply.Answered(500, good)),
                    named("503", new Reply.Answered(503, good)),
                    named("empty body", ok("")),
                    named("HTML", ok("<!DOCTYPE html><html><body>Welcome</body></html>")),
                    named("text", ok("temporarily unavailable")),
                    named("array", ok("[]")),
                    named("no keys", ok("{}")),
                    named("an error as JSON", ok("{\"error\":\"try again\"}")),
                    named("empty set", ok("{\"keys\":[]}")),
                    named("cut off", ok(new String(good, UTF_8).substring(0, good.length - 2))),
                    named("a character after it", ok(new String(good, UTF_8) + "x")),
                    named("byte order mark", ok("\ufeff" + new String(good, UTF_8))),
                    named("no key for signatures", set(SampleKeys.with(jwk, "use", "enc"))),
                    named("no RSA key", set(SampleKeys.with(jwk, "kty", "EC"))),
                    named("no key long enough", set(SampleKeys.jwk("two", 1024, 65_537))),
                    named("one id for all", set(jwk, SampleKeys.with(jwk, "e", "Aw"))));
        }

        @ParameterizedTest
        @MethodSource("invalidResponses")
        void isAFailureAndDoesNotReplaceTheSet(Reply answer) {
            find(ONE.kid());
            issuer.behave((call, deadline) -> answer);

            assertUnavailable(find(TWO.kid()));
            assertFound(ONE, find(ONE.kid()));
            assertUnavailable(find(TWO.kid()));
            assertEquals(2, issuer.calls());
        }

        @ParameterizedTest
        @MethodSource("invalidResponses")
        void isAFailureWithoutASet(Reply answer) {
            issuer.behave((call, deadline) -> answer);

            assertUnavailable(find(TWO.kid()));
            assertUnavailable(find(TWO.kid()));
            assertEquals(1, issuer.calls());
        }

        @ParameterizedTest
        @MethodSource("invalidResponses")
        void isReportedWithTheHostAndWithoutItsContent(Reply answer) {
            issuer.behave((call, deadline) -> answer);

            String detail = find(TWO.kid()).toString();

            assertAll(
                    () ->
                            assertEquals(
                                    true, detail.startsWith("Unavailable[detail=issuer.example: ")),
                    () -> assertEquals(false, detail.contains("pool")),
                    () -> assertEquals(false, detail.contains(TWO.kid())),
                    () -> assertEquals(false, detail.contains("Welcome")));
        }

        private static Reply ok(String body) {
            return new Reply.Answered(200, body.getBytes(UTF_8));
        }

        @SafeVarargs
        @SuppressWarnings("varargs")
        private static Reply set(Map<String, Object>... keys) {
            return new Reply.Answered(200, SampleKeys.setOf(List.of(keys)));
        }
    }
}
