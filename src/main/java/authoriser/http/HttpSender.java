package authoriser.http;

import authoriser.timing.Deadline;

/** The one way out of the process. */
@FunctionalInterface
public interface HttpSender {

    /**
     * Sends a request once and waits for the whole answer, at most until the deadline. Never
     * throws.
     */
    Reply send(HttpCall call, Deadline deadline);

    /**
     * Does ahead of the first kept-alive request what that would wait for; a failure is for the
     * request to tell.
     */
    default void prepare(Endpoint endpoint, Deadline deadline) {}
}
