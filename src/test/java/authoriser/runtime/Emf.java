package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.telemetry.EmfLine;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/** The conditions under which CloudWatch accepts the metrics of a log line. */
final class Emf {

    private Emf() {}

    /** Fails unless CloudWatch would accept every metric of the line. */
    static void check(JsonNode line) {
        EmfLine emf = EmfLine.of(line);
        assertFalse(emf.metrics().isEmpty(), "no metrics");
        Instant timestamp = Instant.ofEpochMilli(line.at("/_aws/Timestamp").longValue());
        assertTrue(timestamp.isAfter(Instant.now().minus(Duration.ofHours(1))), "too old");
        assertTrue(timestamp.isBefore(Instant.now().plus(Duration.ofMinutes(1))), "of the future");
    }
}
