package authoriser.time;

import java.time.Duration;

/**
 * How long to wait after each of several failures in a row: 1, 2, 4, 8, then 10 seconds.
 *
 * @param forgiven how many failures in a row cause no pause
 * @param failures how many failures in a row there were
 * @param lastFailure when the last one was, in milliseconds since 1970
 */
public record Backoff(int forgiven, int failures, long lastFailure) {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** A backoff without failures. */
    public static Backoff forgiving(int failures) {
        return new Backoff(failures, 0, Ages.NEVER);
    }

    /** Whether the pause after the last failure is over. */
    public boolean allows(long now) {
        return failures <= forgiven || Ages.elapsed(lastFailure, now, pause());
    }

    /** Whether there was a failure since the last success. */
    public boolean pending() {
        return failures > 0;
    }

    /** The backoff after a try that failed at {@code now}. */
    public Backoff failed(long now) {
        return new Backoff(forgiven, failures + 1, now);
    }

    /** The backoff after a success. */
    public Backoff succeeded() {
        return forgiving(forgiven);
    }

    private Duration pause() {
        int doublings = Math.min(failures - forgiven - 1, 4);
        Duration pause = Duration.ofSeconds(1L << doublings);
        return Ages.shorter(pause, LONGEST);
    }
}
