package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.http.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FreshnessTest {

    private static long seconds(String cacheControl, String age, String vary) {
        return Freshness.lifetime(new Reply.Fields(null, cacheControl, age, vary)).toSeconds();
    }

    @Test
    void isZeroWithoutCacheControl() {
        assertEquals(Duration.ZERO, Freshness.lifetime(Reply.Fields.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "max-age=1; 1",
                "max-age=60; 60",
                "MAX-AGE=60; 60",
                "max-age=\"60\"; 60",
                "private, max-age=60, must-revalidate; 60",
                "max-age=3600; 3600",
                "max-age=3601; 3600",
                "max-age=99999999999999999999; 3600"
            })
    void isMaxAgeUpToOneHour(String cacheControl, long seconds) {
        assertEquals(seconds, seconds(cacheControl, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "max-age",
                "max-age=",
                "max-age=0",
                "max-age=-1",
                "max-age=+1",
                "max-age=1.5",
                "max-age=1e3",
                "max-age= 60",
                "max-age=\"",
                "max-age=\"\"",
                "max-age=\"60",
                "max-age=six",
                "s-maxage=60",
                "no-store",
                "no-store, max-age=60",
                "max-age=60, no-store",
                "max-age=60, No-Store",
                "max-age=60, no-store=1",
                "max-age=60, no-cache",
                "max-age=60, no-cache=\"x\"",
                "max-age=60, max-age=60",
                "max-age=60, max-age=30",
                "max-age=0, max-age=60",
                "max-age=six, max-age=60",
                "public"
            })
    void isZeroForAnyOtherValue(String cacheControl) {
        assertEquals(0, seconds(cacheControl, null, null));
    }

    @ParameterizedTest
    @CsvSource({"0, 60", "59, 1", "60, 0", "61, 0", "'', 0", "x, 0", "-1, 0", "'5,6', 0"})
    void isReducedByAge(String age, long seconds) {
        assertEquals(seconds, seconds("max-age=60", age, null));
    }

    @Test
    void isReducedByAgeBeforeTheLimitOfOneHour() {
        assertEquals(3_600, seconds("max-age=7200", "3600", null));
        assertEquals(3_599, seconds("max-age=7200", "3601", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Accept-Encoding; 60",
                "accept, Content-Type,ORIGIN; 60",
                "''; 60",
                "*; 0",
                "Authorization; 0",
                "traceparent; 0",
                "X-Amzn-Trace-Id; 0",
                "Accept-Encoding, X-Tenant-Id; 0"
            })
    void isZeroIfVaryNamesAHeaderThatMayDiffer(String vary, long seconds) {
        assertEquals(seconds, seconds("max-age=60", null, vary));
    }
}
