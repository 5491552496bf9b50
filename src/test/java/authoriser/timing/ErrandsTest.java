package authoriser.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ErrandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualClock clock = ManualClock.anytime();
    private final Deadline deadline = Deadline.in(Duration.ofMinutes(1), clock);
    private final Errands errands = new Errands(deadline);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CompletableFuture<Thread> worker = new CompletableFuture<>();
    private volatile boolean done;

    @AfterEach
    void letGo() {
        gate.countDown();
    }

    @Test
    void collectingWaitsUntilTheWorkIsDone() {
        errands.begin("work", this::workAtTheGate, false);
        worker.join();
        new Thread(gate::countDown).start();

        errands.collect(PATIENCE);

        assertTrue(done);
    }

    @Test
    void workRunsOnADaemonThreadOfItsOwn() {
        errands.begin("work", this::workAtTheGate, false);

        assertNotSame(Thread.currentThread(), worker.join());
        assertTrue(worker.join().isDaemon());
        assertEquals("work", worker.join().getName());
    }

    @Test
    void workThatTakesTooLongIsLeftToItself() throws InterruptedException {
        errands.begin("work", this::workAtTheGate, false);

        errands.collect(Duration.ofMillis(1));

        assertFalse(done);
        gate.countDown();
        worker.join().join();
        assertTrue(done);
    }

    @Test
    void urgentWorkIsWaitedForWithoutPatience() {
        errands.begin("work", this::workAtTheGate, true);
        worker.join();
        new Thread(gate::countDown).start();

        errands.collect(Duration.ZERO);

        assertTrue(done);
    }

    @Test
    void nobodyWaitsForUrgentWorkOncePastTheDeadline() {
        errands.begin("work", this::workAtTheGate, true);
        clock.set(Instant.ofEpochMilli(deadline.at()));

        errands.collect(PATIENCE);

        assertFalse(done);
    }

    @Test
    void workThatWasLeftIsNotCollectedAgain() {
        errands.begin("work", this::workAtTheGate, false);
        errands.collect(Duration.ofMillis(1));

        errands.collect(PATIENCE);

        assertFalse(done);
    }

    @Test
    void nobodyWaitsOncePastTheDeadline() {
        errands.begin("work", this::workAtTheGate, false);
        clock.set(Instant.ofEpochMilli(deadline.at()));

        errands.collect(PATIENCE);

        assertFalse(done);
    }

    @Test
    void nobodyWaitsForTheWorkOfAnotherThoughItsDeadlineIsTheSameMoment() {
        Errands other = new Errands(new Deadline(deadline.at(), clock));
        other.begin("work", this::workAtTheGate, false);

        errands.collect(PATIENCE);

        assertFalse(done);
        gate.countDown();
        other.collect(PATIENCE);
        assertTrue(done);
    }

    @Test
    void workThatFailsIsCollectedLikeAnyOther() {
        errands.begin(
                "work",
                () -> {
                    done = true;
                    throw new IllegalStateException("on purpose");
                },
                false);

        errands.collect(PATIENCE);

        assertTrue(done);
    }

    @Test
    void anInterruptedCollectorStopsWaitingAndStaysInterrupted() {
        errands.begin("work", this::workAtTheGate, false);
        Thread.currentThread().interrupt();

        errands.collect(PATIENCE);

        assertTrue(Thread.interrupted());
        assertFalse(done);
    }

    @Test
    void thereMayBeNothingToCollect() {
        errands.collect(PATIENCE);
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
