package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.config.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceTokenTest {
    private static final long ASKED = 1_772_366_400_000L;

    @ParameterizedTest
    @CsvSource({
        "PT1H, PT45M, PT59M50S",
        "PT100S, PT75S, PT90S",
        "PT99S, PT74.25S, PT89.1S",
        "PT10S, PT7.5S, PT9S",
        "PT1S, PT0.75S, PT0.9S",
        "PT24H, PT18H, PT23H59M50S",
        "PT24H0.000000001S, PT18H, PT23H59M50S",
        "PT9999H, PT18H, PT23H59M50S"
    })
    void isRenewedAtThreeQuartersOfItsLifetimeAndNotSentInTheLastSeconds(
            Duration life, Duration renewal, Duration end) {
        assertEquals(
                new ServiceToken(
                        new Secret("abc"),
                        ASKED,
                        ASKED + renewal.toMillis(),
                        ASKED + end.toMillis()),
                ServiceToken.issued("abc", life, ASKED));
    }

    @Test
    void doesNotPrintItsValue() {
        assertEquals(
                "ServiceToken[value=[secret], askedFor=1772366400000, renewAt=1772369100000, "
                        + "usableUntil=1772369990000]",
                ServiceToken.issued("abc", Duration.ofHours(1), ASKED).toString());
    }
}
