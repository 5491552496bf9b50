package authoriser.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The time by which a piece of work must have ended.
 *
 * <p>If the clock is set back while the work runs, the deadline has passed. Otherwise the work
 * would go on until the clock shows the deadline again. A second is tolerated, because clocks are
 * corrected by small steps.
 *
 * @param set when the deadline was set, in milliseconds since 1970
 * @param at the first millisecond since 1970 that is too late
 * @param clock the clock that the deadline is compared with
 */
public record Deadline(long set, long at, InstantSource clock) {
    private static final long TOLERATED_MILLIS = 1_000;

    /** The deadline {@code time} from now, in whole milliseconds. */
    public static Deadline in(Duration time, InstantSource clock) {
        return inMillis(time.toMillis(), clock);
    }

    /** The deadline this many milliseconds from now. */
    public static Deadline inMillis(long millis, InstantSource clock) {
        long now = clock.millis();
        return new Deadline(now, now + millis, clock);
    }

    /** This deadline, or the one {@code limit} from now, whichever comes first. */
    public Deadline atMost(Duration limit) {
        long now = clock.millis();
        long limited = now + limit.toMillis();
        return limited < at && !setBack(now) ? new Deadline(now, limited, clock) : this;
    }

    /** The milliseconds that are left; 0 if it has passed. */
    public int remainingMillis() {
        long now = clock.millis();
        return setBack(now) ? 0 : Math.clamp(at - now, 0, Integer.MAX_VALUE);
    }

    /** Whether no time is left. */
    public boolean passed() {
        long now = clock.millis();
        return now >= at || setBack(now);
    }

    /** Whether more than {@code time} is left. */
    public boolean allows(Duration time) {
        return remainingMillis() > time.toMillis();
    }

    private boolean setBack(long now) {
        return now < set - TOLERATED_MILLIS;
    }
}
