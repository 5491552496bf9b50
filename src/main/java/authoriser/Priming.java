package authoriser;

import authoriser.timing.Deadline;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Does in Lambda's INIT phase what the first request would wait for otherwise: reaches the
 * upstreams, and makes a first decision in memory.
 *
 * <p>All at the same time and within a limit. Nothing that fails here is fatal: the first request
 * tries again.
 */
final class Priming {
    /** INIT may take 10 seconds; what is not ready by then is left to the first request. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Upstreams upstreams;
    private final InstantSource clock;

    Priming(Upstreams upstreams, InstantSource clock) {
        this.upstreams = upstreams;
        this.clock = clock;
    }

    /** Gets ready, as far as possible. */
    Readiness run() {
        return upstreams.reach(Deadline.in(LIMIT, clock), this::rehearse);
    }

    private void rehearse() {
        try {
            new Rehearsal(clock).run();
        } catch (RuntimeException e) {
            // the first request fails in the same way, and reports it
        }
    }
}
