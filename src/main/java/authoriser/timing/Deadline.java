package authoriser.timing;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The moment by which something must have ended, asked at every step on the way there.
 *
 * @param at the first millisecond since 1970 that is too late
 * @param clock what tells the time
 */
public record Deadline(long at, InstantSource clock) {

    /** The deadline that lies {@code time} ahead of now, in whole milliseconds. */
    public static Deadline in(Duration time, InstantSource clock) {
        return inMillis(time.toMillis(), clock);
    }

    /** The deadline that lies so many milliseconds ahead of now. */
    public static Deadline inMillis(long millis, InstantSource clock) {
        return new Deadline(clock.millis() + millis, clock);
    }

    /** This deadline, or the one {@code limit} from now, whichever comes first. */
    public Deadline atMost(Duration limit) {
        long limited = clock.millis() + limit.toMillis();
        return limited < at ? new Deadline(limited, clock) : this;
    }

    /** Milliseconds left, never negative; 0 means passed. */
    public int remainingMillis() {
        return Math.clamp(at - clock.millis(), 0, Integer.MAX_VALUE);
    }

    /** Whether no time is left. */
    public boolean passed() {
        return clock.millis() >= at;
    }

    /** Whether more than {@code time} is left. */
    public boolean allows(Duration time) {
        return remainingMillis() > time.toMillis();
    }
}
