package authoriser.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgesTest {
    private static final long SINCE = 1_772_366_400_000L;
    private static final Duration TIME = Duration.ofSeconds(30);

    @Test
    void hasNotElapsedAMillisecondBeforeTheEnd() {
        assertFalse(Ages.elapsed(SINCE, SINCE + 29_999, TIME));
    }

    @Test
    void hasElapsedAtTheEnd() {
        assertTrue(Ages.elapsed(SINCE, SINCE + 30_000, TIME));
    }

    @Test
    void hasNotElapsedAtTheBeginning() {
        assertFalse(Ages.elapsed(SINCE, SINCE, TIME));
    }

    @Test
    void hasElapsedIfTheClockWasSetBack() {
        assertTrue(Ages.elapsed(SINCE, SINCE - 1, TIME));
    }

    @Test
    void givesTheShorterOfTwoDurations() {
        assertEquals(TIME, Ages.shorter(TIME, TIME.plusMillis(1)));
        assertEquals(TIME, Ages.shorter(TIME.plusMillis(1), TIME));
    }

    @Test
    void hasElapsedIfTheEventNeverHappened() {
        assertTrue(Ages.elapsed(Ages.NEVER, SINCE, TIME));
    }
}
