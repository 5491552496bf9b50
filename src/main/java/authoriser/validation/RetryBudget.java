package authoriser.validation;

import authoriser.time.Ages;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Limits second questions to one in ten of all questions, except for the first few.
 *
 * <p>A caller whose second question failed gets no other for a minute. So one caller whose requests
 * always fail does not use up the second questions of others. Only verified callers are counted.
 * Safe for several threads.
 */
final class RetryBudget {
    /**
     * Second questions that are allowed at the start; each later one needs {@link #SHARE}
     * questions.
     */
    static final int FIRST = 3;

    /** The most second questions that can be available at a time. */
    static final int MOST = 10;

    /** The questions after which one more second question is allowed. */
    static final int SHARE = 10;

    /** After a caller's second question failed, that caller gets no other for this long. */
    static final Duration EXCLUSION = Duration.ofMinutes(1);

    private static final int SLOTS = 256;

    /** Questions that count towards the next second questions. */
    private final AtomicInteger saved = new AtomicInteger(FIRST * SHARE);

    /** Questions that must be asked before more second questions are added to the first ones. */
    private final AtomicInteger needed = new AtomicInteger(FIRST * SHARE);

    /** When callers' second questions failed, by a part of the hash of their subject. */
    private final AtomicLongArray failedAgain = new AtomicLongArray(SLOTS);

    /** Reports a first question. */
    void asked() {
        if (needed.get() > 0) {
            needed.decrementAndGet();
            return;
        }
        int before = saved.get();
        if (before < MOST * SHARE) {
            saved.compareAndSet(before, before + 1); // a lost count only makes the budget smaller
        }
    }

    /** Takes one second question for this caller out of the budget, if there is one. */
    boolean take(String subject, long now) {
        if (!Ages.elapsed(failedAgain.get(slot(subject)), now, EXCLUSION)) {
            return false;
        }
        int before = saved.get();
        while (before >= SHARE) {
            if (saved.compareAndSet(before, before - SHARE)) {
                return true;
            }
            before = saved.get();
        }
        return false;
    }

    /** Reports that this caller's second question failed as well. */
    void failedAgain(String subject, long now) {
        failedAgain.set(slot(subject), now);
    }

    private static int slot(String subject) {
        int hash = subject.hashCode();
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }
}
