package authoriser.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes values for a person who reads them on a terminal. */
public final class Shown {
    private static final int LONGEST = 200;

    private Shown() {}

    /**
     * A text of the caller: at most {@value #LONGEST} characters, and an escape for each that is
     * not printable ASCII, so that no text can control the terminal.
     */
    public static String text(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c <= 0x7e) {
                shown.append(c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return text.length() > LONGEST ? shown + " (cut)" : shown.toString();
    }

    /** A claim, or {@code no NAME} if there is none. */
    static String claim(JsonNode claims, String name) {
        JsonNode value = claims.get(name);
        if (value == null) {
            return "no " + name;
        }
        return name + " " + text(value.isTextual() ? value.textValue() : value.toString());
    }

    /** The entries in order, separated by commas. */
    static String list(Collection<String> entries) {
        return entries.stream().sorted().map(Shown::text).collect(Collectors.joining(", "));
    }

    /** A time in seconds since 1970, and its distance from now. */
    static String time(double seconds, Instant now) {
        Instant time = Instant.ofEpochMilli((long) (seconds * 1e3));
        Duration distance = Duration.between(now, time);
        return time.truncatedTo(ChronoUnit.SECONDS)
                + (distance.isNegative()
                        ? ", " + duration(distance.negated()) + " ago"
                        : ", in " + duration(distance));
    }

    /** The largest two units of a duration, such as {@code 1 h 5 min}. */
    public static String duration(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return duration.toSeconds() + " s";
    }

    /** Nanoseconds as milliseconds with one decimal. */
    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
}
