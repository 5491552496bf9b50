package authoriser.token;

import static authoriser.token.JwkSetCacheTest.assertFound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One cache with many threads. Lambda may run several requests in one process. */
@Timeout(60)
class JwkSetCacheConcurrencyTest {
    private static final SigningKey ONE = SampleKeys.ONE;
    private static final SigningKey TWO = SampleKeys.TWO;
    private static final int THREADS = 16;

    private static final Duration INVOCATION = Duration.ofSeconds(30);
    private static final Endpoint ENDPOINT =
            Endpoint.parse("https://issuer.example/jwks.json").orElseThrow();
    private static final KeyLookup UNKNOWN = new KeyLookup.Unknown();
    private static final KeyLookup TOO_LATE =
            new KeyLookup.Unavailable("another fetch of the keys lasted until the deadline");

    private final ManualClock clock = ManualClock.anytime();
    private final ScriptedIssuer issuer = ScriptedIssuer.publishing(ONE);
    private final JwkSetCache cache =
            new JwkSetCache(issuer, ENDPOINT, Duration.ofSeconds(2), clock);

    private record Caller(Thread thread, CompletableFuture<KeyLookup> outcome) {}

    @Test
    void makesOneFetchForAllRequestsThatNeedTheFirstSet() {
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> callers = callers(i -> ONE.kid());
        awaitAllWaiting(callers);

        gate.open();

        callers.forEach(caller -> assertFound(ONE, caller.outcome.join()));
        assertEquals(1, issuer.calls());
    }

    @Test
    void reportsOneFailureToAllRequestsThatNeedTheFirstSet() {
        issuer.fail();
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> callers = callers(i -> ONE.kid());
        awaitAllWaiting(callers);

        gate.open();

        KeyLookup down = new KeyLookup.Unavailable("issuer.example: the keys' status is 503");
        callers.forEach(caller -> assertEquals(down, caller.outcome.join()));
        assertEquals(1, issuer.calls());
    }

    @Test
    void makesOneFetchForAFloodOfUnknownKeyIds() {
        hold();
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> flood = callers(i -> "unknown" + i);
        awaitAllWaiting(flood);

        gate.open();

        flood.forEach(caller -> assertEquals(UNKNOWN, caller.outcome.join()));
        assertEquals(2, issuer.calls());
    }

    @Test
    void doesNotDelayAKnownKeyDuringAFloodOfUnknownKeyIds() {
        hold();
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> flood = callers(i -> "unknown" + i);
        awaitAllWaiting(flood);

        assertFound(ONE, cache.find(ONE.kid(), Invocations.in(INVOCATION, clock)));

        gate.open();
        flood.forEach(caller -> caller.outcome.join());
    }

    @Test
    void doesNotDelayAKnownKeyDuringAFloodAfterTheSoftAge() {
        hold();
        clock.advance(JwkSetCache.SOFT_AGE);
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> flood = callers(i -> "unknown" + i);
        awaitAllWaiting(flood);

        assertFound(ONE, cache.find(ONE.kid(), Invocations.in(INVOCATION, clock)));

        gate.open();
        flood.forEach(caller -> caller.outcome.join());
        assertEquals(2, issuer.calls());
    }

    @Test
    void findsANewKeyDuringAFloodOfUnknownKeyIds() {
        hold();
        issuer.publish(ONE, TWO);
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> flood = callers(i -> "unknown" + i);
        Caller good = caller(TWO.kid(), INVOCATION);
        awaitAllWaiting(flood);
        awaitWaiting(good);

        gate.open();

        assertFound(TWO, good.outcome.join());
        flood.forEach(caller -> assertEquals(UNKNOWN, caller.outcome.join()));
        assertEquals(2, issuer.calls());
    }

    @Test
    void makesOneFetchForAFloodWhileTheIssuerIsDown() {
        hold();
        issuer.fail();
        ScriptedIssuer.Gate gate = issuer.close();
        List<Caller> flood = callers(i -> "unknown" + i);
        awaitAllWaiting(flood);

        gate.open();

        KeyLookup down = new KeyLookup.Unavailable("issuer.example: the keys' status is 503");
        flood.forEach(caller -> assertEquals(down, caller.outcome.join()));
        assertFound(ONE, cache.find(ONE.kid(), Invocations.in(INVOCATION, clock)));
        assertEquals(2, issuer.calls());
    }

    @Test
    void waitsForTheFirstSetUntilTheDeadlineAtMost() {
        ScriptedIssuer.Gate gate = issuer.close();
        Caller first = caller(ONE.kid(), INVOCATION);
        gate.awaitCall();

        assertEquals(TOO_LATE, caller(ONE.kid(), Duration.ofMillis(20)).outcome.join());

        gate.open();
        assertFound(ONE, first.outcome.join());
    }

    @Test
    void waitsForAnUnknownKeyIdUntilTheDeadlineAtMost() {
        hold();
        ScriptedIssuer.Gate gate = issuer.close();
        Caller first = caller("unknown", INVOCATION);
        gate.awaitCall();

        assertEquals(TOO_LATE, caller("unknown", Duration.ofMillis(20)).outcome.join());

        gate.open();
        assertEquals(UNKNOWN, first.outcome.join());
    }

    @Test
    void doesNotWaitWithoutTimeLeft() {
        ScriptedIssuer.Gate gate = issuer.close();
        Caller first = caller(ONE.kid(), INVOCATION);
        gate.awaitCall();

        assertEquals(TOO_LATE, caller(ONE.kid(), Duration.ZERO).outcome.join());

        gate.open();
        first.outcome.join();
    }

    @Test
    void waitsForPrimingInTheFirstRequest() {
        ScriptedIssuer.Gate gate = issuer.close();
        Thread priming = new Thread(() -> cache.prime(Deadline.in(INVOCATION, clock)));
        priming.start();
        gate.awaitCall();
        Caller first = caller(ONE.kid(), INVOCATION);
        awaitWaiting(first);

        gate.open();

        assertFound(ONE, first.outcome.join());
        assertEquals(1, issuer.calls());
    }

    @Test
    void startsNoSecondFetchForPriming() {
        ScriptedIssuer.Gate gate = issuer.close();
        Caller first = caller(ONE.kid(), INVOCATION);
        gate.awaitCall();

        Optional<String> failure = cache.prime(Deadline.in(Duration.ofMillis(20), clock));

        assertEquals(Optional.of("another fetch of the keys lasted until the deadline"), failure);
        gate.open();
        assertFound(ONE, first.outcome.join());
        assertEquals(1, issuer.calls());
    }

    @Test
    void stopsWaitingWhenInterruptedAndKeepsTheInterrupt() {
        ScriptedIssuer.Gate gate = issuer.close();
        Caller first = caller(ONE.kid(), INVOCATION);
        gate.awaitCall();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<KeyLookup> outcome = new CompletableFuture<>();
        Thread second =
                new Thread(() -> {
                    outcome.complete(cache.find(ONE.kid(), Invocations.in(INVOCATION, clock)));
                    interrupted.complete(Thread.currentThread().isInterrupted());
                });
        second.start();
        awaitWaiting(second);

        second.interrupt();

        assertEquals(TOO_LATE, outcome.join());
        assertTrue(interrupted.join());
        gate.open();
        first.outcome.join();
    }

    @Test
    void startsOneRenewalForManyRequests() {
        hold();
        clock.advance(JwkSetCache.SOFT_AGE);
        ScriptedIssuer.Gate gate = issuer.close();
        CyclicBarrier start = new CyclicBarrier(THREADS);

        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            callers.add(
                    caller(() -> {
                        start.await();
                        Invocation invocation = Invocations.in(INVOCATION, clock);
                        KeyLookup found = cache.find(ONE.kid(), invocation);
                        invocation.awaitTasks(Duration.ofMillis(1));
                        return found;
                    }));
        }

        callers.forEach(caller -> assertFound(ONE, caller.outcome.join()));
        gate.awaitCall();
        assertEquals(2, issuer.calls());
        gate.open();
    }

    @Test
    void makesOneFetchAtATimeAndAlwaysFindsAKnownKey() {
        hold();
        List<Caller> callers = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int seed = thread;
            callers.add(
                    caller(() -> {
                        KeyLookup last = UNKNOWN;
                        for (int i = 0; i < 400; i++) {
                            change(seed + i);
                            Invocation invocation = Invocations.in(INVOCATION, clock);
                            cache.find("unknown" + i, invocation);
                            last = cache.find(ONE.kid(), invocation);
                            assertEquals(KeyLookup.Found.class, last.getClass());
                            invocation.awaitTasks(INVOCATION);
                        }
                        return last;
                    }));
        }

        callers.forEach(caller -> assertFound(ONE, caller.outcome.join()));
        assertEquals(1, issuer.mostAtOnce());
    }

    /** Time passes, keys rotate, or the issuer is down. */
    private void change(int step) {
        clock.advance(Duration.ofSeconds(step % 5));
        switch (step % 7) {
            case 0 -> issuer.publish(ONE);
            case 1 -> issuer.publish(ONE, TWO);
            case 2 -> issuer.fail();
            case 3 -> issuer.behave((call, deadline) -> new Reply.Failed("no answer"));
            case 4 -> clock.advance(Duration.ofSeconds(-20));
            default -> clock.advance(Duration.ofSeconds(1));
        }
    }

    private void hold() {
        assertFound(ONE, cache.find(ONE.kid(), Invocations.in(INVOCATION, clock)));
    }

    private List<Caller> callers(IntFunction<String> keyIds) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            callers.add(caller(keyIds.apply(i), INVOCATION));
        }
        return callers;
    }

    private Caller caller(String keyId, Duration time) {
        return caller(() -> cache.find(keyId, Invocations.in(time, clock)));
    }

    private interface Call {
        KeyLookup make() throws Exception;
    }

    private static Caller caller(Call call) {
        CompletableFuture<KeyLookup> outcome = new CompletableFuture<>();
        Thread thread =
                new Thread(() -> {
                    try {
                        outcome.complete(call.make());
                    } catch (Throwable e) {
                        outcome.completeExceptionally(e);
                    }
                });
        thread.setDaemon(true);
        thread.start();
        return new Caller(thread, outcome);
    }

    private static void awaitAllWaiting(List<Caller> callers) {
        callers.forEach(JwkSetCacheConcurrencyTest::awaitWaiting);
    }

    private static void awaitWaiting(Caller caller) {
        awaitWaiting(caller.thread);
    }

    /** Waits until the thread waits: at the gate, or for the thread at the gate. */
    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
