package authoriser.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final ManualClock clock = ManualClock.anytime();

    @Test
    void allowsTheFirstTryAtOnce() {
        assertTrue(Backoff.forgiving(0).allows(clock.millis()));
    }

    @Test
    void pausesForOneToTenSeconds() {
        Backoff backoff = Backoff.forgiving(0);

        List<Long> pauses = new ArrayList<>();
        for (int failure = 0; failure < 7; failure++) {
            backoff = backoff.failed(clock.millis());
            pauses.add(pauseOf(backoff));
        }

        assertEquals(List.of(1L, 2L, 4L, 8L, 10L, 10L, 10L), pauses);
    }

    @Test
    void doesNotPauseAfterAForgivenFailure() {
        Backoff backoff = Backoff.forgiving(1);

        backoff = backoff.failed(clock.millis());

        assertTrue(backoff.allows(clock.millis()));
    }

    @Test
    void pausesForOneSecondAfterTheFirstFailureThatIsNotForgiven() {
        Backoff backoff = Backoff.forgiving(1);

        backoff = backoff.failed(clock.millis());
        backoff = backoff.failed(clock.millis());

        assertEquals(1, pauseOf(backoff));
    }

    @Test
    void forgetsAllFailuresAfterASuccess() {
        Backoff backoff = Backoff.forgiving(0);
        backoff = backoff.failed(clock.millis());
        backoff = backoff.failed(clock.millis());

        backoff = backoff.succeeded();

        assertTrue(backoff.allows(clock.millis()));
        backoff = backoff.failed(clock.millis());
        assertEquals(1, pauseOf(backoff));
    }

    @Test
    void endsThePauseIfTheClockIsSetBack() {
        Backoff backoff = Backoff.forgiving(0);
        backoff = backoff.failed(clock.millis());

        clock.advance(MILLISECOND.negated());

        assertTrue(backoff.allows(clock.millis()));
    }

    @Test
    void remembersAFailureUntilSuccess() {
        Backoff backoff = Backoff.forgiving(1);

        assertFalse(backoff.pending());
        backoff = backoff.failed(clock.millis());
        assertTrue(backoff.pending());
        backoff = backoff.succeeded();
        assertFalse(backoff.pending());
    }

    /** Advances the clock by whole seconds until a try is allowed. */
    private long pauseOf(Backoff backoff) {
        for (long seconds = 1; seconds < 100; seconds++) {
            clock.advance(Duration.ofSeconds(1).minus(MILLISECOND));
            assertFalse(backoff.allows(clock.millis()));
            clock.advance(MILLISECOND);
            if (backoff.allows(clock.millis())) {
                return seconds;
            }
        }
        throw new AssertionError("never allowed again");
    }
}
