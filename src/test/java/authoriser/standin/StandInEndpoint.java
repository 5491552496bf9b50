package authoriser.standin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * One path of a stand-in: what it usually answers, what it is told to answer, and what it was
 * asked.
 */
public final class StandInEndpoint {
    /** More than any test looks back at; without a limit, a long benchmark would fill the heap. */
    private static final int REMEMBERED = 5_000;

    private final Function<ReceivedRequest, StandInReply> usual;
    private final Deque<StandInReply> scripted = new ArrayDeque<>();
    private final Deque<ReceivedRequest> requests = new ArrayDeque<>();
    private Function<ReceivedRequest, StandInReply> standing;
    private int calls;
    private long firstCall;

    StandInEndpoint(Function<ReceivedRequest, StandInReply> usual) {
        this.usual = usual;
        this.standing = usual;
    }

    /** Answers the next requests with these, one each, then as before. */
    public synchronized void next(StandInReply... replies) {
        scripted.addAll(List.of(replies));
    }

    /** Answers every request with this until told otherwise. */
    public synchronized void always(StandInReply reply) {
        standing = _ -> reply;
    }

    /** Answers every request with what the function makes of it until told otherwise. */
    public synchronized void answering(Function<ReceivedRequest, StandInReply> answers) {
        standing = answers;
    }

    /** Answers every request as when nothing is wrong, after a delay, until told otherwise. */
    public synchronized void usuallyAfter(Duration delay) {
        standing = request -> usual.apply(request).after(delay);
    }

    /** Answers as it does when nothing is wrong, and forgets what was scripted. */
    public synchronized void usually() {
        scripted.clear();
        standing = usual;
    }

    /** The number of requests so far. */
    public synchronized int calls() {
        return calls;
    }

    /** When the first request came, by {@link System#nanoTime}; 0 if none has. */
    public synchronized long firstCall() {
        return firstCall;
    }

    /** The latest requests, oldest first. */
    public synchronized List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    StandInReply answer(ReceivedRequest request) {
        Function<ReceivedRequest, StandInReply> current;
        synchronized (this) {
            if (calls++ == 0) {
                firstCall = System.nanoTime();
            }
            requests.add(request);
            if (requests.size() > REMEMBERED) {
                requests.remove();
            }
            StandInReply first = scripted.poll();
            current = first == null ? standing : _ -> first;
        }
        // Outside the lock: the usual answer may take time, signing a token for one
        return current.apply(request);
    }
}
