package authoriser.policy;

import java.time.LocalDate;

/**
 * Times in the form of IAM's date conditions: ISO 8601 in UTC.
 *
 * <p>The last day is remembered, because all tokens of one hour end on one or two days.
 */
final class Timestamps {
    private static final int SECONDS_A_DAY = 86_400;

    /** The end of the year 9999: ISO 8601 writes later years in another way. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private volatile Day last = new Day(0);

    private static final class Day {
        private final long sinceEpoch;
        private final String text;

        Day(long sinceEpoch) {
            this.sinceEpoch = sinceEpoch;
            this.text = LocalDate.ofEpochDay(sinceEpoch) + "T";
        }
    }

    /**
     * A time such as {@code 2026-11-24T04:00:00Z}. A formatter of the JDK would take milliseconds
     * in a cold start.
     */
    String iso(long epochSecond) {
        long second = Math.min(epochSecond, LAST_SECOND);
        int time = (int) (second % SECONDS_A_DAY);
        StringBuilder text = new StringBuilder(20);
        text.append(day(second / SECONDS_A_DAY).text);
        twoDigits(text, time / 3_600).append(':');
        twoDigits(text, time / 60 % 60).append(':');
        return twoDigits(text, time % 60).append('Z').toString();
    }

    private Day day(long sinceEpoch) {
        Day day = last;
        if (day.sinceEpoch != sinceEpoch) {
            day = new Day(sinceEpoch);
            last = day;
        }
        return day;
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
