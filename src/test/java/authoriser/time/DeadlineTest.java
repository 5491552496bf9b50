package authoriser.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = ManualClock.anytime();
    private final Deadline deadline = Deadline.in(SECOND, clock);

    @Test
    void hasNotPassedAMillisecondBefore() {
        clock.advance(SECOND.minus(MILLISECOND));

        assertFalse(deadline.passed());
        assertEquals(1, deadline.remainingMillis());
    }

    @Test
    void hasPassedAtItsMoment() {
        clock.advance(SECOND);

        assertTrue(deadline.passed());
        assertEquals(0, deadline.remainingMillis());
    }

    @Test
    void leavesNoTimeAfterIt() {
        clock.advance(SECOND.plusDays(1));

        assertTrue(deadline.passed());
        assertEquals(0, deadline.remainingMillis());
    }

    @Test
    void hasPassedIfTheClockIsSetBackByMoreThanASecond() {
        clock.advance(Duration.ofMillis(-1_001));

        assertTrue(deadline.passed());
        assertEquals(0, deadline.remainingMillis());
        assertTrue(deadline.atMost(MILLISECOND).passed());
    }

    @Test
    void hasNotPassedIfTheClockIsSetBackByASecond() {
        clock.advance(Duration.ofMillis(-1_000));

        assertFalse(deadline.passed());
        assertEquals(2_000, deadline.remainingMillis());
    }

    @Test
    void keepsWholeMilliseconds() {
        assertEquals(1_000, deadline.remainingMillis());
    }

    @Test
    void allowsOnlyWhatEndsBeforeIt() {
        assertTrue(deadline.allows(SECOND.minus(MILLISECOND)));
        assertFalse(deadline.allows(SECOND));
    }

    @Test
    void isReducedToAnEarlierLimit() {
        clock.advance(Duration.ofMillis(300));

        assertEquals(
                Deadline.in(Duration.ofMillis(699), clock),
                deadline.atMost(Duration.ofMillis(699)));
    }

    @Test
    void isUnchangedByALaterLimit() {
        clock.advance(Duration.ofMillis(300));

        assertSame(deadline, deadline.atMost(Duration.ofMillis(700)));
    }

    @Test
    void mayBeFarInTheFuture() {
        assertEquals(Integer.MAX_VALUE, Deadline.in(Duration.ofDays(365), clock).remainingMillis());
    }
}
