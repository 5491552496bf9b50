package authoriser.invocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ManualClock;
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
    void waitUntilTheWorkIsDone() {
        tasks.begin("work", this::workAtTheGate, false);
        worker.join();
        new Thread(gate::countDown).start();

        tasks.await(PATIENCE);

        assertTrue(done);
    }

    @Test
    void runOnTheirOwnDaemonThread() {
        tasks.begin("work", this::workAtTheGate, false);

        assertNotSame(Thread.currentThread(), worker.join());
        assertTrue(worker.join().isDaemon());
        assertEquals("work", worker.join().getName());
    }

    @Test
    void continueAfterTheWaitHasEnded() throws InterruptedException {
        tasks.begin("work", this::workAtTheGate, false);

        tasks.await(Duration.ofMillis(1));

        assertFalse(done);
        gate.countDown();
        worker.join().join();
        assertTrue(done);
    }

    @Test
    void waitForUrgentWorkAlsoWithoutTimeToWait() {
        tasks.begin("work", this::workAtTheGate, true);
        worker.join();
        new Thread(gate::countDown).start();

        tasks.await(Duration.ZERO);

        assertTrue(done);
    }

    @Test
    void doNotWaitForUrgentWorkAfterTheDeadline() {
        tasks.begin("work", this::workAtTheGate, true);
        clock.set(Instant.ofEpochMilli(deadline.at()));

        tasks.await(PATIENCE);

        assertFalse(done);
    }

    @Test
    void waitOnlyOnceForTheSameWork() {
        tasks.begin("work", this::workAtTheGate, false);
        tasks.await(Duration.ofMillis(1));

        tasks.await(PATIENCE);

        assertFalse(done);
    }

    @Test
    void doNotWaitAfterTheDeadline() {
        tasks.begin("work", this::workAtTheGate, false);
        clock.set(Instant.ofEpochMilli(deadline.at()));

        tasks.await(PATIENCE);

        assertFalse(done);
    }

    @Test
    void doNotWaitForTheWorkOfAnotherInvocation() {
        BackgroundTasks other = new BackgroundTasks(deadline);
        other.begin("work", this::workAtTheGate, false);

        tasks.await(PATIENCE);

        assertFalse(done);
        gate.countDown();
        other.await(PATIENCE);
        assertTrue(done);
    }

    @Test
    void waitAlsoForWorkThatFails() {
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
    void stopWaitingWhenInterruptedAndKeepTheInterrupt() {
        tasks.begin("work", this::workAtTheGate, false);
        Thread.currentThread().interrupt();

        tasks.await(PATIENCE);

        assertTrue(Thread.interrupted());
        assertFalse(done);
    }

    @Test
    void mayBeEmpty() {
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
