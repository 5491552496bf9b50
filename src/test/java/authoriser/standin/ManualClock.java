package authoriser.standin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it, also back; read and moved by any thread. */
public final class ManualClock implements InstantSource {
    private volatile Instant now;

    public ManualClock(Instant now) {
        this.now = now;
    }

    /** A clock that shows this instant. */
    public static ManualClock at(Instant now) {
        return new ManualClock(now);
    }

    /** A clock that shows a time in ISO 8601. */
    public static ManualClock at(String time) {
        return at(Instant.parse(time));
    }

    /** A clock that shows some instant of no importance. */
    public static ManualClock anytime() {
        return at("2026-03-01T12:00:00Z");
    }

    /** Moves on by this much, or back by a negative one. */
    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    /** Jumps to this instant. */
    public synchronized void set(Instant instant) {
        now = instant;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
