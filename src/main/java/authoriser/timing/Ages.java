package authoriser.timing;

import java.time.Duration;
import java.time.Instant;

/**
 * Ages by the wall clock, which goes on while Lambda freezes the process and may also be set back.
 */
public final class Ages {

    private Ages() {}

    /**
     * Whether at least {@code time} has gone by, or the clock was set back behind {@code since}.
     */
    public static boolean elapsed(Instant since, Instant now, Duration time) {
        return now.isBefore(since) || !now.isBefore(since.plus(time));
    }
}
