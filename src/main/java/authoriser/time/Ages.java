package authoriser.time;

import java.time.Duration;

/**
 * Ages by the wall clock, which runs while Lambda freezes the process, and can be set back.
 *
 * <p>Times are milliseconds since 1970. Each request compares some, and a {@code long} costs less
 * than an {@link java.time.Instant}, especially before the JVM has compiled the code.
 */
public final class Ages {
    /** A time so long ago that every duration has elapsed since. */
    public static final long NEVER = 0;

    private Ages() {}

    /** The shorter of two durations. */
    public static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Whether at least {@code time} has elapsed, or the clock was set back to before {@code since}.
     */
    public static boolean elapsed(long since, long now, Duration time) {
        return now < since || now - since >= time.toMillis();
    }
}
