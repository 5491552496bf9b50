package authoriser.timing;

import java.time.Duration;

/**
 * Ages by the wall clock, which goes on while Lambda freezes the process and may also be set back.
 *
 * <p>Moments are milliseconds since 1970: what is asked with each request is sooner answered so
 * than by instants, above all in an environment's first seconds.
 */
public final class Ages {
    /** A moment so long ago that everything has elapsed since. */
    public static final long NEVER = 0;

    private Ages() {}

    /**
     * Whether at least {@code time} has gone by, or the clock was set back behind {@code since}.
     */
    public static boolean elapsed(long since, long now, Duration time) {
        return now < since || now - since >= time.toMillis();
    }
}
