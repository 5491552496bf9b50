package authoriser.invocation;

import authoriser.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The work that runs beside one invocation: begun while the invocation does something else, and
 * waited for before the invocation answers.
 *
 * <p>Lambda freezes the process between invocations, so nothing is scheduled. Work that takes
 * longer than the invocation waits for it goes on by itself. It must end at the invocation's
 * deadline, must catch its own exceptions, and must leave a correct state if it is frozen before
 * its end.
 *
 * <p>Used by the invocation's own thread only.
 */
final class BackgroundTasks {
    private final Deadline deadline;
    private final List<Task> running = new ArrayList<>(1);

    /**
     * One piece of work.
     *
     * @param urgent whether the invocation waits for it until the invocation's deadline
     */
    private record Task(Thread thread, boolean urgent) {}

    /** Makes an empty list for an invocation with this deadline. */
    BackgroundTasks(Deadline deadline) {
        this.deadline = deadline;
    }

    /**
     * Begins {@code work} on a daemon thread called {@code name}.
     *
     * @param urgent whether {@link #await} waits for it until the invocation's deadline, whatever
     *     the patience
     */
    void begin(String name, Runnable work, boolean urgent) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(
                (failed, cause) -> {}); // the JVM's own handler prints messages
        running.add(new Task(thread, urgent));
        thread.start();
    }

    /**
     * Waits until the work has ended: for at most {@code patience} in all, or until the deadline
     * for urgent work. Work that has not ended by then is not waited for again.
     */
    void await(Duration patience) {
        Deadline limit = deadline.atMost(patience);
        for (Task task : running) {
            waitFor(task.thread, task.urgent ? deadline : limit);
        }
        running.clear();
    }

    private static void waitFor(Thread thread, Deadline limit) {
        try {
            int millis = limit.remainingMillis();
            if (millis > 0) {
                thread.join(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
