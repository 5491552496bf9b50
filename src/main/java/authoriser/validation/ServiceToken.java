package authoriser.validation;

import authoriser.config.Secret;
import java.time.Duration;

/**
 * Our own access token for the validation service.
 *
 * @param value what goes behind {@code Bearer}
 * @param renewAt from which millisecond since 1970 on a new one is fetched beside the requests that
 *     use this one
 * @param usableUntil from which on it is not sent any more
 */
record ServiceToken(Secret value, long renewAt, long usableUntil) {
    /** No token is trusted to live for longer than a day, whatever the token endpoint says. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    /**
     * How long before its end a token is not sent any more: it has to arrive, and clocks differ.
     */
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(10);

    /** Makes the token of an answer; its life counts from when it was asked for. */
    static ServiceToken issued(String value, Duration expiresIn, long askedFor) {
        Duration life = expiresIn.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : expiresIn;
        Duration tenth = life.dividedBy(10);
        Duration margin = tenth.compareTo(LONGEST_MARGIN) > 0 ? LONGEST_MARGIN : tenth;
        return new ServiceToken(
                new Secret(value),
                askedFor + life.multipliedBy(3).dividedBy(4).toMillis(),
                askedFor + life.minus(margin).toMillis());
    }
}
