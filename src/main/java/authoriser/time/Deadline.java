package authoriser.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The time by which a piece of work must have ended.
 *
 * @param at the first millisecond since 1970 that is too late
 * @param clock the clock that the deadline is compared with
 */
public record Deadline(long at, InstantSource clock) {

    /** The deadline {@code time} from now, in whole milliseconds. */
    public static Deadline in(Duration time, InstantSource clock) {
        return inMillis(time.toMillis(), clock);
    }

    /** The deadline this many milliseconds from now. */
    public static Deadline inMillis(long millis, InstantSource clock) {
        return new Deadline(clock.millis() + millis, clock);
    }

    /** This deadline, or the one {@code limit} from now, whichever comes first. */
    public Deadline atMost(Duration limit) {
        long limited = clock.millis() + limit.toMillis();
        return limited < at ? new Deadline(limited, clock) : this;
    }

    /** The milliseconds that are left; 0 if it has passed. */
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
