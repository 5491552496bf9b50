package authoriser.validation;

import authoriser.time.Ages;
import authoriser.time.Backoff;
import java.time.Duration;
import java.time.InstantSource;

/**
 * When to replace a service token that the validation service refused.
 *
 * <p>A replacement is in vain if the service refuses it with the same question, too. More
 * replacements do not help then, so the pauses between them grow.
 *
 * @param inVain the replacements in vain
 * @param lastReplacement when the last replacement was fetched
 */
record TokenRefusals(Backoff inVain, long lastReplacement) {
    /** No refusal. */
    static final TokenRefusals NONE = new TokenRefusals(Backoff.forgiving(1), Ages.NEVER);

    /**
     * The least time between two replacements. A service that takes each token only once would
     * cause one with each request otherwise.
     */
    private static final Duration REPLACEMENT_INTERVAL = Duration.ofSeconds(1);

    /**
     * After this long without a replacement in vain, earlier ones are forgotten when the service
     * takes a token. A token that it takes is not enough: it may refuse the same token with the
     * next question, and callers choose the questions.
     */
    private static final Duration PROBATION = Duration.ofMinutes(1);

    /** Whether a refused token may be replaced now. */
    boolean allowReplacement(long now) {
        return inVain.allows(now) && Ages.elapsed(lastReplacement, now, REPLACEMENT_INTERVAL);
    }

    /** Whether there are replacements in vain, and all of them are old enough to be forgotten. */
    boolean canBeForgotten(InstantSource clock) {
        return inVain.pending() && Ages.elapsed(inVain.lastFailure(), clock.millis(), PROBATION);
    }

    /** These and a replacement at {@code now}. */
    TokenRefusals replacedAt(long now) {
        return new TokenRefusals(inVain, now);
    }

    /** These and a replacement that was found to be in vain at {@code now}. */
    TokenRefusals inVainAt(long now) {
        return new TokenRefusals(inVain.failed(now), lastReplacement);
    }

    /** These without replacements in vain. */
    TokenRefusals forgotten() {
        return new TokenRefusals(inVain.succeeded(), lastReplacement);
    }
}
