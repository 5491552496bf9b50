package authoriser.renewal;

import authoriser.invocation.Invocation;
import authoriser.time.Ages;
import authoriser.time.Backoff;
import authoriser.time.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds the state of something that is fetched and shared by threads, and decides who may fetch it
 * and when.
 *
 * <p>Reading the state takes no lock. Only the holder of the {@link Permit} can replace it, so that
 * one fetch runs at a time. A state that is still usable is renewed beside an invocation, once in
 * an interval at most. After failures, the fetches that a request waits for pause ({@link
 * Backoff}).
 *
 * <table>
 * <caption>Who may fetch</caption>
 * <tr><th>event<th>what is done<th>the caller gets
 * <tr><td>{@link #acquire}, no fetch runs<td>the permit is taken<td>the permit
 * <tr><td>{@link #acquire}, a fetch runs<td>the thread waits until the fetch ends, or until the
 *     deadline<td>the permit, or null at the deadline
 * <tr><td>{@link #renewAhead}, the last one began less than the interval ago, or a fetch runs
 *     <td>nothing<td>an immediate return
 * <tr><td>{@link #renewAhead} otherwise<td>the source fetches on a thread of its own
 *     <td>an immediate return; the invocation waits before it answers
 * <tr><td>the source throws on that thread<td>the source gets the exception, as a failure<td>nothing
 * <tr><td>{@link Permit#failed}<td>{@link Permit#allows} is false until the pause is over
 *     <td>nothing
 * <tr><td>{@link Permit#succeeded}<td>the state is replaced, failures are forgotten<td>nothing
 * </table>
 *
 * @param <S> the type of the state; its values must be immutable
 */
public final class Renewal<S> {
    private final String name;
    private final Duration interval;
    private final Source<S> source;
    private final ReentrantLock lock = new ReentrantLock();

    /** Assigned only by the thread that holds the permit. */
    private volatile Held<S> held;

    /**
     * What is known at one moment.
     *
     * @param lastAhead when the last renewal beside an invocation began
     */
    private record Held<S>(S state, Backoff backoff, long lastAhead) {}

    /** Where a renewal beside an invocation gets the next state. */
    public interface Source<S> {
        /** Fetches, and replaces the state by the permit. */
        void fetch(Permit<S> permit, Deadline deadline);

        /**
         * Replaces the state by one that says that a renewal failed.
         *
         * @param begun when the renewal began
         * @param cause what {@link #fetch} threw
         */
        void failed(Permit<S> permit, long begun, Throwable cause);
    }

    /**
     * Begins with a state that was not fetched.
     *
     * @param name the name of the threads that renew
     * @param interval the least time between two renewals beside invocations
     * @param forgiven how many failures in a row cause no pause
     */
    public Renewal(String name, Duration interval, int forgiven, S initial, Source<S> source) {
        this.name = name;
        this.interval = interval;
        this.source = source;
        this.held = new Held<>(initial, Backoff.forgiving(forgiven), Ages.NEVER);
    }

    /** The state now. */
    public S state() {
        return held.state;
    }

    /** Whether a thread holds the permit. */
    public boolean fetching() {
        return lock.isLocked();
    }

    /**
     * Takes the permit; waits for it until the deadline.
     *
     * @return null if another thread held it all the time, or if this thread was interrupted
     */
    public @Nullable Permit<S> acquire(Deadline deadline) {
        try {
            return lock.tryLock(deadline.remainingMillis(), TimeUnit.MILLISECONDS)
                    ? new Permit<>(this)
                    : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Takes the permit; null if another thread holds it. */
    public @Nullable Permit<S> tryAcquire() {
        return lock.tryLock() ? new Permit<>(this) : null;
    }

    /**
     * Begins a renewal beside an invocation, unless one began less than the interval ago or a fetch
     * runs.
     *
     * @param urgent whether the invocation waits for it until its deadline before it answers
     */
    public void renewAhead(Invocation invocation, long now, boolean urgent) {
        if (due(now) && begin(now)) {
            Deadline deadline = invocation.deadline();
            invocation.beginTask(name, () -> renew(deadline), urgent);
        }
    }

    private boolean due(long now) {
        return Ages.elapsed(held.lastAhead, now, interval);
    }

    /** Whether this thread is the one that begins the renewal which is due. */
    private boolean begin(long now) {
        try (Permit<S> permit = tryAcquire()) {
            if (permit == null || !due(now)) {
                return false;
            }
            held = new Held<>(held.state, held.backoff, now);
            return true;
        }
    }

    private void renew(Deadline deadline) {
        long begun = deadline.clock().millis();
        try (Permit<S> permit = tryAcquire()) {
            if (permit == null) {
                return;
            }
            try {
                source.fetch(permit, deadline);
            } catch (RuntimeException | Error e) {
                source.failed(permit, begun, e);
            }
        }
    }

    /** The right to fetch and to replace the state; closing it gives it back. */
    public static final class Permit<S> implements AutoCloseable {
        private final Renewal<S> renewal;

        private Permit(Renewal<S> renewal) {
            this.renewal = renewal;
        }

        /** The state now; no other thread replaces it. */
        public S state() {
            return renewal.held.state;
        }

        /** Whether the pause after the last failure is over. */
        public boolean allows(long now) {
            return renewal.held.backoff.allows(now);
        }

        /** Replaces the state. */
        public void replace(S next) {
            set(next, renewal.held.backoff);
        }

        /** Replaces the state after a fetch that succeeded, and forgets the failures before it. */
        public void succeeded(S next) {
            set(next, renewal.held.backoff.succeeded());
        }

        /** Notes that a fetch failed at {@code now}. */
        public void failed(long now) {
            set(renewal.held.state, renewal.held.backoff.failed(now));
        }

        @Override
        public void close() {
            renewal.lock.unlock();
        }

        private void set(S state, Backoff backoff) {
            if (!renewal.lock.isHeldByCurrentThread()) {
                throw new IllegalStateException("the permit was given back");
            }
            renewal.held = new Held<>(state, backoff, renewal.held.lastAhead);
        }
    }
}
