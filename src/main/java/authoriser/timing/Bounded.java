package authoriser.timing;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Holds to a deadline what knows none of its own, by a thread that can be left behind. */
public final class Bounded {

    private Bounded() {}

    /**
     * Does {@code work} on a daemon thread called {@code name} and gives what comes of it.
     *
     * @throws TimeoutException if nothing has come by the deadline, or the wait was interrupted
     * @throws ExecutionException if the work fails
     */
    public static <T> T call(String name, Deadline deadline, Callable<T> work)
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
