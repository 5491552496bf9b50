package authoriser;

import authoriser.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Does in Lambda's INIT phase what the first request would otherwise wait for: fetches keys and
 * service token, opens a connection, and makes a first decision in memory.
 *
 * <p>All of it runs at the same time, within a limit. A failure does not stop the start: the first
 * request tries again.
 */
final class Priming {
    /** Less than the 10 seconds that Lambda allows INIT; the first request does the rest. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Upstreams upstreams;
    private final InstantSource clock;

    Priming(Upstreams upstreams, InstantSource clock) {
        this.upstreams = upstreams;
        this.clock = clock;
    }

    /** Prepares as much as is possible. */
    Readiness run() {
        return upstreams.reach(Deadline.in(LIMIT, clock), this::rehearse);
    }

    private void rehearse() {
        try {
            new Rehearsal(clock).run();
        } catch (RuntimeException e) {
            // the first request fails in the same way and reports it
        }
    }
}
