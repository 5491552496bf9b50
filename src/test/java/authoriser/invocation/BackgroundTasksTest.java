package authoriser.invocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.ManualClock;
import authoriser.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundTasksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualClock clock = ManualClock.anytime();
    private final Deadline deadline = Deadline.in(Duration.ofMinutes(1), clock);
    private final BackgroundTasks tasks = new BackgroundTasks(deadline);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CompletableFuture<Thread> worker = new CompletableFuture<>();
    private volatile boolean done;

    @AfterEach
    void letGo() {
        gate.countDown();
    }

    @Test
    void collectingWaitsUntilTheWorkIsDone() {
        tasks.begin("work", this::workAtTheGate, false);
        worker.join();
        new Thread(gate::countDown).start();

        tasks.await(PATIENCE);

        assertTrue(done);
    }

    @Test
    void workRunsOnADaemonThreadOfItsOwn() {
        tasks.begin("work", this::workAtTheGate, false);

        assertNotSame(Thread.currentThread(), worker.join());
        assertTrue(worker.join().isDaemon());
        assertEquals("work", worker.join().getName());
    }

    @Test
    void workThatTakesTooLongIsLeftToItself() throws InterruptedException {
        tasks.begin("work", this::workAtTheGate, false);

        tasks.await(Duration.ofMillis(1));

        assertFalse(done);
        gate.countDown();
        worker.join().join();
        assertTrue(done);
    }

    @Test
    void urgentWorkIsWaitedForWithoutPatience() {
        tasks.begin("work", this::workAtTheGate, true);
        worker.join();
        new Thread(gate::countDown).start();

        tasks.await(Duration.ZERO);

        assertTrue(done);
    }

    @Test
    void nobodyWaitsForUrgentWorkOncePastTheDeadline() {
        tasks.begin("work", this::workAtTheGate, true);
        clock.set(Instant.ofEpochMilli(deadline.at()));

        tasks.await(PATIENCE);

        assertFalse(done);
    }

    @Test
    void workThatWasLeftIsNotCollectedAgain() {
        tasks.begin("work", this::workAtTheGate, false);
        tasks.await(Duration.ofMillis(1));

        tasks.await(PATIENCE);

        assertFalse(done);
    }

    @Test
    void nobodyWaitsOncePastTheDeadline() {
        tasks.begin("work", this::workAtTheGate, false);
        clock.set(Instant.ofEpochMilli(deadline.at()));

        tasks.await(PATIENCE);

        assertFalse(done);
    }

    @Test
    void nobodyWaitsForTheWorkOfAnotherThoughItsDeadlineIsTheSameMoment() {
        BackgroundTasks other = new BackgroundTasks(new Deadline(deadline.at(), clock));
        other.begin("work", this::workAtTheGate, false);

        tasks.await(PATIENCE);

        assertFalse(done);
        gate.countDown();
        other.await(PATIENCE);
        assertTrue(done);
    }

    @Test
    void workThatFailsIsCollectedLikeAnyOther() {
        tasks.begin(
                "work",
                () -> {
                    done = true;
                    throw new IllegalStateException("on purpose");
                },
                false);

        tasks.await(PATIENCE);

        assertTrue(done);
    }

    @Test
    void anInterruptedCollectorStopsWaitingAndStaysInterrupted() {
        tasks.begin("work", this::workAtTheGate, false);
        Thread.currentThread().interrupt();

        tasks.await(PATIENCE);

        assertTrue(Thread.interrupted());
        assertFalse(done);
    }

    @Test
    void thereMayBeNothingToCollect() {
        tasks.await(PATIENCE);
    }

    private void workAtTheGate() {
        worker.complete(Thread.currentThread());
        try {
            gate.await();
            done = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
