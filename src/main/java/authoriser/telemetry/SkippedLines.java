package authoriser.telemetry;

import authoriser.time.Ages;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Arrays;

/**
 * The times of the Allows whose log lines are left out, until the line of a later Allow has them.
 *
 * <p>A line is left out only within a minute after the last one that was written. So the metrics of
 * an environment with few requests are never late.
 */
final class SkippedLines {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final long[] NONE = {};

    @GuardedBy("this")
    private final long[] decisions;

    @GuardedBy("this")
    private final long[] validations;

    @GuardedBy("this")
    private int count;

    @GuardedBy("this")
    private long lastWritten = Ages.NEVER;

    /**
     * Times in nanoseconds.
     *
     * @param decisions of each whole decision
     * @param validations of asking the service, in the same order; 0 where it was not asked
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Times(long[] decisions, long[] validations) {
        static final Times EMPTY = new Times(NONE, NONE);

        int count() {
            return decisions.length;
        }

        boolean validated() {
            for (long nanos : validations) {
                if (nanos > 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Leaves nothing out yet.
     *
     * @param most how many lines in a row may be left out
     */
    SkippedLines(int most) {
        decisions = new long[most];
        validations = new long[most];
    }

    /** Keeps the times of an Allow, whose line is left out; false if it must be written. */
    synchronized boolean keep(long now, long decisionNanos, long validationNanos) {
        if (count == decisions.length || Ages.elapsed(lastWritten, now, LONGEST)) {
            return false;
        }
        decisions[count] = decisionNanos;
        validations[count] = validationNanos;
        count++;
        return true;
    }

    /** The times that were kept, for the line that is written now. */
    synchronized Times take(long now) {
        lastWritten = now;
        if (count == 0) {
            return Times.EMPTY;
        }
        Times times = new Times(Arrays.copyOf(decisions, count), Arrays.copyOf(validations, count));
        count = 0;
        return times;
    }
}
