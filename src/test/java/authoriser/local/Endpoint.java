package authoriser.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * One path of a stand-in: what it usually answers, what it is told to answer, and what it was
 * asked.
 */
public final class Endpoint {
    /** More than any test looks back at; without a limit, a long benchmark would fill the heap. */
    private static final int REMEMBERED = 5_000;

    private final Function<Request, Reply> usual;
    private final Deque<Reply> scripted = new ArrayDeque<>();
    private final Deque<Request> requests = new ArrayDeque<>();
    private Function<Request, Reply> standing;
    private int calls;
    private long firstCall;

    Endpoint(Function<Request, Reply> usual) {
        this.usual = usual;
        this.standing = usual;
    }

    /** Answers the next requests with these, one each, then as before. */
    public synchronized void next(Reply... replies) {
        scripted.addAll(List.of(replies));
    }

    /** Answers every request with this until told otherwise. */
    public synchronized void always(Reply reply) {
        standing = _ -> reply;
    }

    /** Answers every request with what the function makes of it until told otherwise. */
    public synchronized void answering(Function<Request, Reply> answers) {
        standing = answers;
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
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    Reply answer(Request request) {
        Function<Request, Reply> current;
        synchronized (this) {
            if (calls++ == 0) {
                firstCall = System.nanoTime();
            }
            requests.add(request);
            if (requests.size() > REMEMBERED) {
                requests.remove();
            }
            Reply first = scripted.poll();
            current = first == null ? standing : _ -> first;
        }
        // Outside the lock: the usual answer may take time, signing a token for one
        return current.apply(request);
    }
}
