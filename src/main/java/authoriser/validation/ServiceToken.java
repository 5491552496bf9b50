package authoriser.validation;

import authoriser.config.Secret;
import authoriser.time.Ages;
import java.time.Duration;

/**
 * The access token that this function sends to the validation service.
 *
 * @param value the text after {@code Bearer}
 * @param askedFor when it was requested, in milliseconds since 1970
 * @param renewAt when the requests that use it begin to renew it, in milliseconds since 1970
 * @param usableUntil when it stops being sent, in milliseconds since 1970
 */
record ServiceToken(Secret value, long askedFor, long renewAt, long usableUntil) {
    /** A token is used for a day at most, whatever the token endpoint says. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    /**
     * The time before its end in which a token is not sent: a request takes time, and clocks
     * differ.
     */
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(10);

    /** Makes a token whose life begins at the time of the request for it. */
    static ServiceToken issued(String value, Duration expiresIn, long askedFor) {
        Duration life = Ages.shorter(expiresIn, LONGEST_LIFE);
        Duration margin = Ages.shorter(life.dividedBy(10), LONGEST_MARGIN);
        return new ServiceToken(
                new Secret(value),
                askedFor,
                askedFor + life.multipliedBy(3).dividedBy(4).toMillis(),
                askedFor + life.minus(margin).toMillis());
    }

    /** Whether it is renewed beside a request. It is, too, if the clock was set back since. */
    boolean renewalDue(long now) {
        return now >= renewAt || now < askedFor;
    }
}
