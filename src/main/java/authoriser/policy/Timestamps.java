package authoriser.policy;

import java.time.LocalDate;

/** Writes times in the form that IAM's date conditions take: ISO 8601 in UTC. */
final class Timestamps {
    private static final int SECONDS_A_DAY = 86_400;

    /** The end of the year 9999: ISO 8601 writes later years in another form. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private Timestamps() {}

    /**
     * Writes a time such as {@code 2026-11-24T04:00:00Z}. A formatter of the JDK would take
     * milliseconds at its first use.
     */
    static String iso(long epochSecond) {
        long second = Math.min(epochSecond, LAST_SECOND);
        int time = (int) (second % SECONDS_A_DAY);
        StringBuilder text = new StringBuilder(20);
        text.append(LocalDate.ofEpochDay(second / SECONDS_A_DAY)).append('T');
        twoDigits(text, time / 3_600).append(':');
        twoDigits(text, time / 60 % 60).append(':');
        return twoDigits(text, time % 60).append('Z').toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
