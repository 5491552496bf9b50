package authoriser.http;

import authoriser.time.Deadline;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs blocking work that has no time limit on a daemon thread, and stops waiting at a deadline.
 */
final class TimeLimiter {

    private TimeLimiter() {}

    /**
     * Does {@code work} on a daemon thread called {@code name}, and returns its result.
     *
     * @throws TimeoutException if there is no result at the deadline, or the wait was interrupted
     * @throws ExecutionException if the work fails
     */
    static <T> T call(String name, Deadline deadline, Callable<T> work)
            throws TimeoutException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException();
        }
    }
}
