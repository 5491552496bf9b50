package authoriser.http;

import authoriser.timing.Deadline;
import java.util.Optional;

/** The one way out of the process. */
@FunctionalInterface
public interface HttpSender {

    /**
     * Sends a request once and waits for the whole answer, at most until the deadline. Never
     * throws.
     */
    Reply send(HttpCall call, Deadline deadline);

    /**
     * Does ahead of the first kept-alive request what that would wait for.
     *
     * @return what failed, for the log; empty if nothing did
     */
    default Optional<String> prepare(Endpoint endpoint, Deadline deadline) {
        return Optional.empty();
    }
}
