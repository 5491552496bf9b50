package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampsTest {
    private final Timestamps timestamps = new Timestamps();

    @Test
    void writesTheSameTextAsTheJdk() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long second = random.nextLong(253_402_300_800L);

            assertEquals(Instant.ofEpochSecond(second).toString(), timestamps.iso(second));
        }
    }

    @Test
    void writesTheFirstAndLastSecondsOfDaysAndYears() {
        assertEquals("1970-01-01T00:00:00Z", timestamps.iso(0));
        assertEquals("2026-12-31T23:59:59Z", timestamps.iso(1_798_761_599L));
        assertEquals("2027-01-01T00:00:00Z", timestamps.iso(1_798_761_600L));
        assertEquals("2028-02-29T12:00:00Z", timestamps.iso(1_835_438_400L));
        assertEquals("9999-12-31T23:59:59Z", timestamps.iso(253_402_300_799L));
    }
}
