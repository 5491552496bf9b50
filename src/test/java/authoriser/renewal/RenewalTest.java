package authoriser.renewal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.invocation.Invocation;
import authoriser.invocation.Invocations;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RenewalTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final ManualClock clock = ManualClock.anytime();
    private final Scripted source = new Scripted();
    private final Renewal<String> renewal = new Renewal<>("renew", INTERVAL, 0, "initial", source);

    /** Replaces the state by the number of its fetch, once the gate is open. */
    private static final class Scripted implements Renewal.Source<String> {
        private final List<Thread> fetches = new CopyOnWriteArrayList<>();
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile Throwable thrown;
        private volatile Deadline lastDeadline;
        private volatile long begun;

        @Override
        public void fetch(Renewal.Permit<String> permit, Deadline deadline) {
            fetches.add(Thread.currentThread());
            lastDeadline = deadline;
            reached.countDown();
            await(gate);
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            permit.succeeded("fetch " + fetches.size());
        }

        @Override
        public void failed(Renewal.Permit<String> permit, long when, Throwable cause) {
            begun = when;
            permit.replace(permit.state() + ", then " + cause.getMessage());
        }
    }

    @AfterEach
    void openTheGate() {
        source.gate.countDown();
    }

    // The permit

    @Test
    void hasTheInitialState() {
        assertEquals("initial", renewal.state());
    }

    @Test
    void replacesTheStateWithThePermit() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            permit.replace("next");

            assertEquals("next", permit.state());
        }
        assertEquals("next", renewal.state());
    }

    @Test
    void doesNotReplaceTheStateWithAReturnedPermit() {
        Renewal.Permit<String> permit = renewal.tryAcquire();
        permit.close();

        assertThrows(IllegalStateException.class, () -> permit.replace("late"));
        assertEquals("initial", renewal.state());
    }

    @Test
    void doesNotReplaceTheStateWithThePermitOfAnotherThread() {
        Renewal.Permit<String> permit = renewal.tryAcquire();

        onAnotherThread(
                () -> assertThrows(IllegalStateException.class, () -> permit.replace("theirs")));

        assertEquals("initial", renewal.state());
    }

    @Test
    void givesThePermitToOneThreadAtATime() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            assertNotNull(permit);
            onAnotherThread(() -> assertNull(renewal.tryAcquire()));
        }
    }

    @Test
    void givesAReturnedPermitToAnotherThread() {
        renewal.tryAcquire().close();

        onAnotherThread(() -> assertNotNull(renewal.tryAcquire()));
    }

    @Test
    void givesAReturnedPermitToAWaitingThread() {
        CompletableFuture<Boolean> acquired = new CompletableFuture<>();
        Renewal.Permit<String> permit = renewal.tryAcquire();
        Thread waiting =
                new Thread(() -> acquired.complete(renewal.acquire(deadline(TIME)) != null));
        waiting.start();
        awaitWaiting(waiting);

        permit.close();

        assertTrue(acquired.join());
    }

    @Test
    void stopsWaitingForThePermitAtTheDeadline() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            assertNotNull(permit);
            onAnotherThread(() -> assertNull(renewal.acquire(deadline(MILLISECOND))));
        }
    }

    @Test
    void givesAFreePermitAlsoWithoutTimeLeft() {
        assertNotNull(renewal.acquire(deadline(Duration.ZERO)));
    }

    @Test
    void givesNoPermitToAnInterruptedThreadWhichStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertNull(renewal.acquire(deadline(TIME)));

        assertTrue(Thread.interrupted());
    }

    @Test
    void reportsWhetherAFetchRuns() {
        assertFalse(renewal.fetching());
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            assertNotNull(permit);
            assertTrue(renewal.fetching());
        }
        assertFalse(renewal.fetching());
    }

    // Pauses

    @Test
    void pausesForOneSecondAfterAFailure() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            permit.failed(clock.millis());

            clock.advance(Duration.ofSeconds(1).minus(MILLISECOND));
            assertFalse(permit.allows(clock.millis()));
            clock.advance(MILLISECOND);
            assertTrue(permit.allows(clock.millis()));
        }
    }

    @Test
    void doesNotPauseAfterAForgivenFailure() {
        Renewal<String> forgiving = new Renewal<>("renew", INTERVAL, 1, "initial", source);
        try (Renewal.Permit<String> permit = forgiving.tryAcquire()) {
            permit.failed(clock.millis());

            assertTrue(permit.allows(clock.millis()));
        }
    }

    @Test
    void keepsTheStateAfterAFailure() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            permit.failed(clock.millis());
        }

        assertEquals("initial", renewal.state());
    }

    @Test
    void endsThePauseAndReplacesTheStateAfterASuccess() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            permit.failed(clock.millis());

            permit.succeeded("next");

            assertTrue(permit.allows(clock.millis()));
        }
        assertEquals("next", renewal.state());
    }

    @Test
    void doesNotEndThePauseWhenTheStateIsReplaced() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            permit.failed(clock.millis());

            permit.replace("next");

            assertFalse(permit.allows(clock.millis()));
        }
    }

    // Renewals in the background

    @Test
    void runsARenewalOnItsOwnDaemonThread() {
        renewAndCollect();

        Thread thread = source.fetches.getFirst();
        assertEquals("fetch 1", renewal.state());
        assertEquals("renew", thread.getName());
        assertTrue(thread.isDaemon());
    }

    @Test
    void givesARenewalTheDeadlineOfTheInvocation() {
        Invocation invocation = renewAndCollect();

        assertEquals(invocation.deadline(), source.lastDeadline);
    }

    @Test
    void startsTheNextRenewalAfterTheInterval() {
        renewAndCollect();

        clock.advance(INTERVAL.minus(MILLISECOND));
        renewAndCollect();
        assertEquals("fetch 1", renewal.state());

        clock.advance(MILLISECOND);
        renewAndCollect();
        assertEquals("fetch 2", renewal.state());
    }

    @Test
    void startsTheNextRenewalAfterTheIntervalAlsoIfOneFailed() {
        source.thrown = new IllegalStateException("on purpose");
        renewAndCollect();
        clock.advance(INTERVAL.minus(MILLISECOND));

        renewAndCollect();

        assertEquals(1, source.fetches.size());
    }

    @Test
    void startsNoRenewalWhileAFetchRuns() {
        try (Renewal.Permit<String> permit = renewal.tryAcquire()) {
            assertNotNull(permit);
            onAnotherThread(this::renewAndCollect);
        }

        assertEquals(List.of(), source.fetches);
    }

    @Test
    void doesNotDelayTheThreadThatStartsARenewal() {
        source.gate = new CountDownLatch(1);

        renewal.renewAhead(invocation(), clock.millis(), false);

        assertEquals("initial", renewal.state());
    }

    @Test
    void waitsForAnUrgentRenewalAlsoWithoutTimeToWait() {
        source.gate = new CountDownLatch(1);
        Invocation invocation = invocation();
        renewal.renewAhead(invocation, clock.millis(), true);
        await(source.reached);
        new Thread(source.gate::countDown).start();

        invocation.awaitTasks(Duration.ZERO);

        assertEquals("fetch 1", renewal.state());
    }

    @Test
    void reportsAnExceptionOfARenewalAsFailure() {
        source.thrown = new IllegalStateException("on purpose");

        renewAndCollect();

        assertEquals("initial, then on purpose", renewal.state());
    }

    @Test
    void reportsAnErrorOfARenewalAsFailure() {
        source.thrown = new StackOverflowError("on purpose");

        renewAndCollect();

        assertEquals("initial, then on purpose", renewal.state());
    }

    @Test
    void reportsTheStartTimeOfAFailedRenewal() throws InterruptedException {
        source.thrown = new IllegalStateException("on purpose");
        source.gate = new CountDownLatch(1);
        long begun = clock.millis();
        renewal.renewAhead(invocation(), begun, false);
        await(source.reached);
        clock.advance(Duration.ofSeconds(5));

        source.gate.countDown();
        source.fetches.getFirst().join();

        assertEquals(begun, source.begun);
    }

    @Test
    void returnsThePermitIfARenewalThrows() {
        source.thrown = new IllegalStateException("on purpose");
        renewAndCollect();

        assertNotNull(renewal.tryAcquire());
    }

    private Deadline deadline(Duration time) {
        return Deadline.in(time, clock);
    }

    private Invocation invocation() {
        return Invocations.in(TIME, clock);
    }

    /** Starts a renewal if one is due, and waits for it, within one invocation. */
    private Invocation renewAndCollect() {
        Invocation invocation = invocation();
        renewal.renewAhead(invocation, clock.millis(), false);
        invocation.awaitTasks(TIME);
        return invocation;
    }

    private static void onAnotherThread(Runnable work) {
        CompletableFuture.runAsync(work, task -> new Thread(task).start()).join();
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
