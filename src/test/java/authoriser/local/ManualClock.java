package authoriser.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it; read and moved by any thread. */
public final class ManualClock implements InstantSource {
    private volatile Instant now;

    public ManualClock(Instant now) {
        this.now = now;
    }

    /** A clock that stands at a time in ISO 8601. */
    public static ManualClock at(String time) {
        return new ManualClock(Instant.parse(time));
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves the clock, backwards with a negative duration. */
    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }
}
