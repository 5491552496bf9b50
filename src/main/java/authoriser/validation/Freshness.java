package authoriser.validation;

import authoriser.http.Reply;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the headers how long an answer may be used again (RFC 9111 sections 4.2, 5.1 and
 * 5.2.2).
 */
final class Freshness {
    private static final long LONGEST_SECONDS = 3_600;

    /** Request headers that are the same for the same question (RFC 9110 section 12.5.5). */
    private static final Set<String> SAME_FOR_THE_SAME_QUESTION =
            Set.of(
                    "accept",
                    "accept-charset",
                    "accept-encoding",
                    "accept-language",
                    "content-length",
                    "content-type",
                    "host",
                    "origin",
                    "user-agent");

    private Freshness() {}

    /** {@code max-age} minus {@code Age}, at most an hour; zero if the answer must not be kept. */
    static Duration lifetime(Reply.Fields fields) {
        if (fields.cacheControl() == null) {
            return Duration.ZERO; // as from most services
        }
        long age = fields.age() == null ? 0 : number(fields.age().strip());
        return age < 0 || !sameForTheSameQuestion(fields.vary())
                ? Duration.ZERO
                : Duration.ofSeconds(
                        Math.clamp(maxAge(fields.cacheControl()) - age, 0, LONGEST_SECONDS));
    }

    /**
     * The seconds of {@code max-age}; 0 or -1 if there are none, or if the answer must not be kept.
     */
    private static long maxAge(String cacheControl) {
        long seconds = 0;
        boolean found = false;
        for (String part : cacheControl.split(",", -1)) {
            String directive = part.strip().toLowerCase(Locale.ROOT);
            if (directive.startsWith("no-store") || directive.startsWith("no-cache")) {
                return 0;
            }
            if (directive.startsWith("max-age=")) {
                String value = directive.substring("max-age=".length());
                if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
                    value = value.substring(1, value.length() - 1);
                }
                if (found) {
                    return 0; // with two lifetimes, it is not known which one is meant
                }
                found = true;
                seconds = number(value);
            }
        }
        return seconds;
    }

    private static boolean sameForTheSameQuestion(@Nullable String vary) {
        if (vary == null) {
            return true;
        }
        for (String name : vary.split(",", -1)) {
            String header = name.strip().toLowerCase(Locale.ROOT);
            if (!header.isEmpty() && !SAME_FOR_THE_SAME_QUESTION.contains(header)) {
                return false;
            }
        }
        return true;
    }

    /**
     * delta-seconds (RFC 9111 section 1.2.2), at most {@link Integer#MAX_VALUE}; -1 for any other
     * text.
     */
    private static long number(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = Math.min(number * 10 + digit, Integer.MAX_VALUE);
        }
        return number;
    }
}
