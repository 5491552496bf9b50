package authoriser.timing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AgesTest {
    private static final Instant SINCE = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration TIME = Duration.ofSeconds(30);

    @Test
    void timeHasNotElapsedANanosecondBeforeItsEnd() {
        assertFalse(Ages.elapsed(SINCE, SINCE.plus(TIME).minusNanos(1), TIME));
    }

    @Test
    void timeHasElapsedAtItsEnd() {
        assertTrue(Ages.elapsed(SINCE, SINCE.plus(TIME), TIME));
    }

    @Test
    void noTimeHasElapsedAtTheBeginning() {
        assertFalse(Ages.elapsed(SINCE, SINCE, TIME));
    }

    @Test
    void aClockSetBackCountsAsElapsed() {
        assertTrue(Ages.elapsed(SINCE, SINCE.minusNanos(1), TIME));
    }

    @Test
    void whatNeverHappenedIsLongAgo() {
        assertTrue(Ages.elapsed(Instant.MIN, SINCE, TIME));
    }
}
