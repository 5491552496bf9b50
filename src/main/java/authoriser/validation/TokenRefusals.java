package authoriser.validation;

import authoriser.time.Ages;
import authoriser.time.Backoff;
import java.time.Duration;
import java.time.InstantSource;

/**
 * When to replace a service token that the validation service refused.
 *
 * <p>If the service refuses the same question with the new token as well, more replacements do not
 * help. So the pauses between them grow.
 *
 * @param refusedReplacements the new tokens that were refused with the same question
 * @param lastReplacement when the last replacement was fetched
 */
record TokenRefusals(Backoff refusedReplacements, long lastReplacement) {
    /** No refusal. */
    static final TokenRefusals NONE = new TokenRefusals(Backoff.forgiving(1), Ages.NEVER);

    /**
     * The least time between two replacements. Otherwise, a service that accepts each token only
     * once would cause a replacement with each request.
     */
    private static final Duration REPLACEMENT_INTERVAL = Duration.ofSeconds(1);

    /**
     * After this long without a refused replacement, earlier refusals are forgotten when the
     * service accepts a token. An accepted token alone is not enough: the service may refuse the
     * same token with the next question, and callers choose the questions.
     */
    private static final Duration PROBATION = Duration.ofMinutes(1);

    /** Whether a refused token may be replaced now. */
    boolean allowReplacement(long now) {
        return refusedReplacements.allows(now)
                && Ages.elapsed(lastReplacement, now, REPLACEMENT_INTERVAL);
    }

    /** Whether there are refused replacements, and all of them are old enough to be forgotten. */
    boolean canBeForgotten(InstantSource clock) {
        return refusedReplacements.pending()
                && Ages.elapsed(refusedReplacements.lastFailure(), clock.millis(), PROBATION);
    }

    /** The refusals after a replacement at {@code now}. */
    TokenRefusals replacedAt(long now) {
        return new TokenRefusals(refusedReplacements, now);
    }

    /** The refusals after a replacement was refused at {@code now}. */
    TokenRefusals replacementRefusedAt(long now) {
        return new TokenRefusals(refusedReplacements.failed(now), lastReplacement);
    }

    /** The refusals without the earlier ones. */
    TokenRefusals forgotten() {
        return new TokenRefusals(refusedReplacements.succeeded(), lastReplacement);
    }
}
