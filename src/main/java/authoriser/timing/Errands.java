package authoriser.timing;

import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Work done beside an invocation: begun while it waits for something else, collected before it
 * answers.
 *
 * <p>Lambda freezes the process between invocations, so nothing is scheduled and nothing is meant
 * to outlive the invocation that began it. An errand that takes longer than its invocation will
 * wait for is left to itself: it is bounded by its own deadline, holds no lock that a request waits
 * for beyond the request's, and does no harm when it is frozen half-way.
 */
public final class Errands {
    private final Queue<Errand> running = new ConcurrentLinkedQueue<>();

    private record Errand(Deadline owner, Thread thread, boolean urgent) {}

    /**
     * Begins {@code work} on a thread of its own, on behalf of the invocation with the deadline
     * {@code owner}.
     */
    public void begin(Deadline owner, String name, Runnable work) {
        begin(owner, name, work, false);
    }

    /**
     * The same, and if it is {@code urgent}, the invocation waits for it with all the time it has,
     * however little patience it has for other errands.
     */
    public void begin(Deadline owner, String name, Runnable work, boolean urgent) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(
                (failed, cause) -> {}); // an errand tells through what it leaves behind
        running.add(new Errand(owner, thread, urgent));
        thread.start();
    }

    /**
     * Waits for the errands of this very {@code owner}, together for at most {@code patience}, the
     * urgent ones aside.
     */
    @SuppressWarnings("ReferenceEquality") // an invocation's deadline is its identity
    public void collect(Deadline owner, Duration patience) {
        if (running.isEmpty()) {
            return;
        }
        Deadline limit = owner.atMost(patience);
        Iterator<Errand> errands = running.iterator();
        while (errands.hasNext()) {
            Errand errand = errands.next();
            if (errand.owner == owner) {
                errands.remove();
                waitFor(errand.thread, errand.urgent ? owner : limit);
            }
        }
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
