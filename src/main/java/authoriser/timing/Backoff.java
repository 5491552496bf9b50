package authoriser.timing;

import java.time.Duration;

/**
 * How long to leave something alone that keeps failing: 1, 2, 4, 8, then 10 seconds between tries.
 *
 * <p>Not thread-safe but for {@link #pending}: the owner uses it under its own lock.
 */
public final class Backoff {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final int forgiven;
    private int failures;
    private volatile boolean pending;
    private long lastFailure = Ages.NEVER;

    /**
     * Makes a backoff in its initial state.
     *
     * @param forgiven how many failures in a row cost no waiting
     */
    public Backoff(int forgiven) {
        this.forgiven = forgiven;
    }

    /** Whether the time since the last failure is long enough for another try. */
    public boolean allows(long now) {
        return failures <= forgiven || Ages.elapsed(lastFailure, now, pause());
    }

    /** Whether a failure is remembered. */
    public boolean pending() {
        return pending;
    }

    /** Notes a try that failed at {@code now}. */
    public void failed(long now) {
        failures++;
        pending = true;
        lastFailure = now;
    }

    /** Forgets all failures. */
    public void succeeded() {
        failures = 0;
        pending = false;
    }

    private Duration pause() {
        int doublings = Math.min(failures - forgiven - 1, 4);
        Duration pause = Duration.ofSeconds(1L << doublings);
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
