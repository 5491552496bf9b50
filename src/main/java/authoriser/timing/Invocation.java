package authoriser.timing;

import java.util.Optional;

/**
 * What belongs to one invocation and is carried along: its deadline, its trace, and how long each
 * stage took.
 *
 * <p>Used by the invocation's own thread only.
 */
public final class Invocation {
    private final Deadline deadline;
    private final Optional<String> traceId;
    private final long[] nanos = new long[Stage.COUNT];
    private final long started = System.nanoTime();
    private final long startedMillis;

    /** A part of the work whose duration is told in the log line. */
    public enum Stage {
        /** Checking the caller's token, fetching keys included. */
        TOKEN(0),
        /** Coming by our own token for the validation service. */
        SERVICE_TOKEN(1),
        /** Asking the validation service. */
        VALIDATION(2);

        private static final int COUNT = 3;

        private final int place;

        Stage(int place) {
            this.place = place;
        }
    }

    /** Begins an invocation now. */
    public Invocation(Deadline deadline, Optional<String> traceId) {
        this.deadline = deadline;
        this.traceId = traceId;
        this.startedMillis = deadline.clock().millis();
    }

    public Deadline deadline() {
        return deadline;
    }

    /** When the invocation began, in milliseconds since 1970. */
    public long startedMillis() {
        return startedMillis;
    }

    /** The value of {@code X-Amzn-Trace-Id}, where Lambda gave one. */
    public Optional<String> traceId() {
        return traceId;
    }

    /** Adds the time since {@code startNanos} (of {@link System#nanoTime}) to a stage. */
    public void spent(Stage stage, long startNanos) {
        nanos[stage.place] += System.nanoTime() - startNanos;
    }

    /** Nanoseconds spent in a stage; 0 for one that was not reached. */
    public long nanos(Stage stage) {
        return nanos[stage.place];
    }

    /** Nanoseconds since the invocation began. */
    public long nanos() {
        return System.nanoTime() - started;
    }
}
