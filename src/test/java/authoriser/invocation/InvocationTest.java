package authoriser.invocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InvocationTest {
    private final ManualClock clock = ManualClock.anytime();
    private final Deadline deadline = Deadline.in(Duration.ofSeconds(9), clock);
    private final Invocation invocation = new Invocation(deadline, Optional.of("Root=1-2-3"));

    @Test
    void hasADeadlineAndATrace() {
        assertSame(deadline, invocation.deadline());
        assertEquals(Optional.of("Root=1-2-3"), invocation.traceId());
    }

    @Test
    void hasItsStartTime() {
        long start = clock.millis();
        clock.advance(Duration.ofSeconds(2));

        assertEquals(start, invocation.startedMillis());
    }

    @Test
    void waitsForItsBackgroundTasks() {
        AtomicBoolean done = new AtomicBoolean();
        invocation.beginTask("work", () -> done.set(true), false);

        invocation.awaitTasks(Duration.ofSeconds(9));

        assertTrue(done.get());
    }

    @Test
    void mayHaveNoBackgroundTasks() {
        invocation.awaitTasks(Duration.ofSeconds(9));
    }

    @Test
    void hasNoTimeForAStageThatWasNotReached() {
        for (Invocation.Stage stage : Invocation.Stage.values()) {
            assertEquals(0, invocation.nanos(stage));
        }
    }

    @Test
    void addsTheTimesOfOneStage() {
        invocation.spent(Invocation.Stage.VALIDATION, System.nanoTime() - 1_000);
        long once = invocation.nanos(Invocation.Stage.VALIDATION);
        invocation.spent(Invocation.Stage.VALIDATION, System.nanoTime() - 1_000);

        assertTrue(once >= 1_000);
        assertTrue(invocation.nanos(Invocation.Stage.VALIDATION) >= once + 1_000);
        assertEquals(0, invocation.nanos(Invocation.Stage.TOKEN));
        assertEquals(0, invocation.nanos(Invocation.Stage.SERVICE_TOKEN));
    }

    @Test
    void hasAnAgeThatIncludesItsStages() {
        long before = System.nanoTime();
        Invocation begun = new Invocation(deadline, Optional.empty());
        begun.spent(Invocation.Stage.TOKEN, System.nanoTime());

        assertTrue(begun.nanos() >= begun.nanos(Invocation.Stage.TOKEN));
        assertTrue(begun.nanos() <= System.nanoTime() - before);
    }
}
