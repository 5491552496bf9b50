package authoriser.timing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The moment by which something must have ended, asked at every step on the way there.
 *
 * @param at the first moment that is too late
 * @param clock what tells the time
 */
public record Deadline(Instant at, InstantSource clock) {

    /** The deadline that lies {@code time} ahead of now. */
    public static Deadline in(Duration time, InstantSource clock) {
        return new Deadline(clock.instant().plus(time), clock);
    }

    /** This deadline, or the one {@code limit} from now, whichever comes first. */
    public Deadline atMost(Duration limit) {
        Instant limited = clock.instant().plus(limit);
        return limited.isBefore(at) ? new Deadline(limited, clock) : this;
    }

    /** The time left, never negative. */
    public Duration remaining() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Milliseconds left, rounded up, so that 0 means passed. */
    public int remainingMillis() {
        return (int) Math.min(remaining().plusNanos(999_999).toMillis(), Integer.MAX_VALUE);
    }

    /** Whether no time is left. */
    public boolean passed() {
        return !clock.instant().isBefore(at);
    }

    /** Whether more than {@code time} is left. */
    public boolean allows(Duration time) {
        return remaining().compareTo(time) > 0;
    }
}
