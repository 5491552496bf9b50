package authoriser.policy;

import java.time.LocalDate;

/** Times as IAM's date conditions want them: ISO 8601 in UTC. */
final class Timestamps {
    private static final int SECONDS_A_DAY = 86_400;

    /** The end of the year 9999: ISO 8601 writes later years in another way. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private Timestamps() {}

    /**
     * Such as {@code 2026-11-24T04:00:00Z}; done by hand, since a formatter costs milliseconds in a
     * cold start.
     */
    static String iso(long epochSecond) {
        long second = Math.min(epochSecond, LAST_SECOND);
        int time = (int) Math.floorMod(second, (long) SECONDS_A_DAY);
        StringBuilder text = new StringBuilder(20);
        text.append(LocalDate.ofEpochDay(Math.floorDiv(second, (long) SECONDS_A_DAY))).append('T');
        twoDigits(text, time / 3_600).append(':');
        twoDigits(text, time / 60 % 60).append(':');
        return twoDigits(text, time % 60).append('Z').toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
