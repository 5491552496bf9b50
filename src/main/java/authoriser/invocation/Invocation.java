package authoriser.invocation;

import authoriser.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of the function: its deadline, its trace, how long each stage took, and the work
 * that runs beside it.
 *
 * <p>Used by the invocation's own thread only.
 */
public final class Invocation {
    private final Deadline deadline;
    private final Optional<String> traceId;
    private final long[] nanos = new long[Stage.COUNT];
    private final long started = System.nanoTime();
    private final long startedMillis;
    private @Nullable BackgroundTasks tasks;

    /** A part of the work whose duration is in the log line. */
    public enum Stage {
        /** Checking the caller's token, fetching keys included. */
        TOKEN(0),
        /** Getting a service token. */
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

    /**
     * Begins {@code work} beside this invocation, on a daemon thread called {@code name}.
     *
     * @param urgent whether {@link #awaitTasks} waits for it until the invocation's deadline
     */
    public void beginTask(String name, Runnable work, boolean urgent) {
        if (tasks == null) { // most invocations have none
            tasks = new BackgroundTasks(deadline);
        }
        tasks.begin(name, work, urgent);
    }

    /**
     * Waits for the work that was begun beside this invocation: for at most {@code patience} in
     * all, or until the deadline for urgent work.
     */
    public void awaitTasks(Duration patience) {
        if (tasks != null) {
            tasks.await(patience);
        }
    }

    /** Adds the time since {@code startNanos} (of {@link System#nanoTime}) to a stage. */
    public void spent(Stage stage, long startNanos) {
        nanos[stage.place] += System.nanoTime() - startNanos;
    }

    /** Nanoseconds spent in a stage; 0 if it was not reached. */
    public long nanos(Stage stage) {
        return nanos[stage.place];
    }

    /** Nanoseconds since the invocation began. */
    public long nanos() {
        return System.nanoTime() - started;
    }
}
