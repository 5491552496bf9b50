package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The CloudWatch embedded metric format: what a log line must be for its metrics to be taken. */
final class Emf {

    private Emf() {}

    /** Fails unless CloudWatch would take every metric of the line. */
    static void check(JsonNode line) {
        JsonNode metadata = line.path("_aws");
        assertEquals(Set.of("Timestamp", "CloudWatchMetrics"), names(metadata));
        Instant timestamp = Instant.ofEpochMilli(metadata.path("Timestamp").longValue());
        assertTrue(timestamp.isAfter(Instant.now().minus(Duration.ofHours(1))), "too old");
        assertTrue(timestamp.isBefore(Instant.now().plus(Duration.ofMinutes(1))), "of the future");
        assertTrue(metadata.path("CloudWatchMetrics").size() > 0, "no metrics");
        for (JsonNode directive : metadata.path("CloudWatchMetrics")) {
            assertEquals(Set.of("Namespace", "Dimensions", "Metrics"), names(directive));
            assertTrue(directive.path("Namespace").asText().length() <= 1024, "namespace");
            for (JsonNode set : directive.path("Dimensions")) {
                assertTrue(set.isArray() && set.size() <= 30, "dimension sets");
                set.forEach(dimension ->
                        assertTrue(line.path(dimension.asText()).isTextual(), dimension::asText));
            }
            for (JsonNode metric : directive.path("Metrics")) {
                assertEquals(Set.of("Name", "Unit"), names(metric));
                assertTrue(
                        line.path(metric.path("Name").asText()).isNumber(),
                        metric.path("Name")::asText);
                assertTrue(
                        Set.of("Count", "Milliseconds", "Seconds")
                                .contains(metric.path("Unit").asText()),
                        metric.path("Unit")::asText);
            }
        }
    }

    private static Set<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }
}
