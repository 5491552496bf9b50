package authoriser.validation;

import authoriser.time.Ages;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stops questions to a service that does not answer, and allows one after each pause.
 *
 * <p>An answer with any status counts as an answer, even if the rest of it fails. So a caller whose
 * requests make the service fail cannot stop the questions of others. Pauses are measured by the
 * wall clock, so a frozen process does not lengthen them. Safe for several threads.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state<th>entered when<th>a question<th>left when
 * <tr><td>closed<td>at the start; after any answer<td>is sent
 *     <td>{@value #LIMIT} questions in a row get no answer
 * <tr><td>open<td>the last question got no answer<td>is refused<td>the pause is over
 * <tr><td>half-open<td>the first question after a pause is sent<td>is refused
 *     <td>that question gets an answer or none, or its time is over
 * </table>
 */
final class CircuitBreaker {
    /** After this many questions in a row without an answer, questions are refused. */
    static final int LIMIT = 5;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final State CLOSED = new State(0, false, Ages.NEVER, Duration.ZERO);

    private final Duration timeout;
    private final AtomicReference<State> state = new AtomicReference<>(CLOSED);

    /**
     * @param unanswered questions in a row that got no answer; those that were sent before the
     *     breaker opened are not counted after it opened
     * @param halfOpen whether the one question after a pause has been sent, and has no answer yet
     * @param since when the pause, or that question, began
     * @param refusing for how long after that questions are refused
     */
    private record State(int unanswered, boolean halfOpen, long since, Duration refusing) {
        boolean closed() {
            return unanswered < LIMIT;
        }
    }

    /**
     * Makes a closed breaker.
     *
     * @param timeout how long a question may take
     */
    CircuitBreaker(Duration timeout) {
        this.timeout = timeout;
    }

    /** Whether a question may be sent now. If so, the caller must report the result. */
    boolean allows(long now) {
        State before = state.get();
        return before.closed()
                || (Ages.elapsed(before.since, now, before.refusing)
                        && state.compareAndSet(
                                before, new State(before.unanswered, true, now, timeout)));
    }

    /** Reports an answer of any status. */
    @SuppressWarnings("ReferenceEquality") // without failures, the state is this object
    void answered() {
        if (state.get() != CLOSED) {
            state.set(CLOSED);
        }
    }

    /** Reports a question that got no answer by {@code now}. */
    void unanswered(long now) {
        State before = state.get();
        while (before.closed() || before.halfOpen) {
            int unanswered = before.unanswered + 1;
            State after = new State(unanswered, false, now, pause(unanswered));
            if (state.compareAndSet(before, after)) {
                return;
            }
            before = state.get();
        }
    }

    /** 1, 2, 4, then 5 seconds. */
    private static Duration pause(int unanswered) {
        int doublings = Math.clamp(unanswered - LIMIT, 0, 3);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        return Ages.shorter(pause, LONGEST_PAUSE);
    }
}
