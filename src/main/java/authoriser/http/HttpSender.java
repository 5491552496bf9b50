package authoriser.http;

import authoriser.time.Deadline;
import java.util.Optional;

/** Sends HTTP requests; everything that the function sends goes through it. */
@FunctionalInterface
public interface HttpSender {

    /**
     * Sends a request once and waits for the whole answer, at most until the deadline. Never
     * throws.
     */
    Reply send(HttpCall call, Deadline deadline);

    /**
     * Opens a connection ahead of the first request that keeps its connection alive.
     *
     * @return what failed, for the log; empty if nothing did
     */
    default Optional<String> prepare(Endpoint endpoint, Deadline deadline) {
        return Optional.empty();
    }
}
