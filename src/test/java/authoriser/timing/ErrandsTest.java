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
    private final Errands errands = new Errands();
    private final Deadline owner = Deadline.in(Duration.ofMinutes(1), clock);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CompletableFuture<Thread> worker = new CompletableFuture<>();
    private volatile boolean done;

    @AfterEach
    void letGo() {
        gate.countDown();
    }

    @Test
    void collectingWaitsUntilTheWorkIsDone() {
        errands.begin(owner, "work", this::workAtTheGate);
        worker.join();
        new Thread(gate::countDown).start();

        errands.collect(owner, PATIENCE);

        assertTrue(done);
    }

    @Test
    void workRunsOnADaemonThreadOfItsOwn() {
        errands.begin(owner, "work", this::workAtTheGate);

        assertNotSame(Thread.currentThread(), worker.join());
        assertTrue(worker.join().isDaemon());
        assertEquals("work", worker.join().getName());
    }

    @Test
    void workThatTakesTooLongIsLeftToItself() throws InterruptedException {
        errands.begin(owner, "work", this::workAtTheGate);

        errands.collect(owner, Duration.ofMillis(1));

        assertFalse(done);
        gate.countDown();
        worker.join().join();
        assertTrue(done);
    }

    @Test
    void urgentWorkIsWaitedForWithoutPatience() {
        errands.begin(owner, "work", this::workAtTheGate, true);
        worker.join();
        new Thread(gate::countDown).start();

        errands.collect(owner, Duration.ZERO);

        assertTrue(done);
    }

    @Test
    void nobodyWaitsForUrgentWorkOncePastTheDeadline() {
        errands.begin(owner, "work", this::workAtTheGate, true);
        clock.set(Instant.ofEpochMilli(owner.at()));

        errands.collect(owner, PATIENCE);

        assertFalse(done);
    }

    @Test
    void workThatWasLeftIsNotCollectedAgain() {
        errands.begin(owner, "work", this::workAtTheGate);
        errands.collect(owner, Duration.ofMillis(1));

        errands.collect(owner, PATIENCE);

        assertFalse(done);
    }

    @Test
    void nobodyWaitsOncePastTheDeadline() {
        errands.begin(owner, "work", this::workAtTheGate);
        clock.set(Instant.ofEpochMilli(owner.at()));

        errands.collect(owner, PATIENCE);

        assertFalse(done);
    }

    @Test
    void nobodyWaitsForTheWorkOfAnotherThoughItsDeadlineIsTheSameMoment() {
        Deadline other = new Deadline(owner.at(), clock);
        errands.begin(other, "work", this::workAtTheGate);

        errands.collect(owner, PATIENCE);

        assertFalse(done);
        gate.countDown();
        errands.collect(other, PATIENCE);
        assertTrue(done);
    }

    @Test
    void workThatFailsIsCollectedLikeAnyOther() {
        errands.begin(
                owner,
                "work",
                () -> {
                    done = true;
                    throw new IllegalStateException("on purpose");
                });

        errands.collect(owner, PATIENCE);

        assertTrue(done);
    }

    @Test
    void anInterruptedCollectorStopsWaitingAndStaysInterrupted() {
        errands.begin(owner, "work", this::workAtTheGate);
        Thread.currentThread().interrupt();

        errands.collect(owner, PATIENCE);

        assertTrue(Thread.interrupted());
        assertFalse(done);
    }

    @Test
    void thereMayBeNothingToCollect() {
        errands.collect(owner, PATIENCE);
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
