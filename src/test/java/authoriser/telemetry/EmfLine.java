package authoriser.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A log line that is checked against CloudWatch's embedded metric format. CloudWatch drops the
 * metrics of an invalid line without a message.
 */
public record EmfLine(JsonNode root, List<Metric> metrics) {
    private static final ObjectMapper STRICT =
            new ObjectMapper(
                            new JsonFactoryBuilder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> UNITS = Set.of("None", "Milliseconds", "Seconds");

    /** A metric that CloudWatch reads from the line. */
    public record Metric(
            String namespace,
            String name,
            String unit,
            List<Double> values,
            List<List<String>> by) {}

    /** Reads one line, and fails if CloudWatch would drop it. */
    public static EmfLine parse(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        assertEquals(text.length() - 1, text.indexOf('\n'), "not exactly one line");
        assertTrue(line.length < 256 * 1024);
        return of(read(line));
    }

    /** Checks a parsed line, and fails if CloudWatch would drop it. */
    public static EmfLine of(JsonNode root) {
        assertTrue(root.isObject());
        JsonNode metadata = root.path("_aws");
        assertEquals(Set.of("Timestamp", "CloudWatchMetrics"), keys(metadata));
        assertTrue(metadata.get("Timestamp").isIntegralNumber());
        assertTrue(metadata.get("CloudWatchMetrics").isArray());
        List<Metric> metrics = new ArrayList<>();
        for (JsonNode directive : metadata.get("CloudWatchMetrics")) {
            metrics.addAll(metrics(directive, root));
        }
        return new EmfLine(root, metrics);
    }

    /** A member of the line as text. */
    public String text(String name) {
        return root.path(name).asText();
    }

    /** The names of all members except the metadata, in their order. */
    public List<String> names() {
        return root.propertyStream().map(Map.Entry::getKey).filter(n -> !n.equals("_aws")).toList();
    }

    private static List<Metric> metrics(JsonNode directive, JsonNode root) {
        assertEquals(Set.of("Namespace", "Dimensions", "Metrics"), keys(directive));
        String namespace = directive.get("Namespace").textValue();
        assertTrue(namespace.matches("[A-Za-z0-9._/#][A-Za-z0-9._/#:-]{0,254}"), namespace);
        assertTrue(directive.get("Dimensions").isArray());
        List<List<String>> sets = new ArrayList<>();
        for (JsonNode set : directive.get("Dimensions")) {
            sets.add(dimensionSet(set, root));
        }
        assertFalse(sets.isEmpty());
        assertTrue(directive.get("Metrics").isArray());
        assertTrue(directive.get("Metrics").size() <= 100);
        List<Metric> metrics = new ArrayList<>();
        for (JsonNode definition : directive.get("Metrics")) {
            assertTrue(Set.of("Name", "Unit").containsAll(keys(definition)));
            String name = definition.get("Name").textValue();
            String unit = definition.path("Unit").asText("None");
            assertTrue(UNITS.contains(unit), unit);
            metrics.add(new Metric(namespace, name, unit, values(root.path(name), name), sets));
        }
        return metrics;
    }

    /** One number, or an array of 1 to 100. */
    private static List<Double> values(JsonNode target, String name) {
        List<Double> values = new ArrayList<>();
        for (JsonNode value : target.isArray() ? target : List.of(target)) {
            assertTrue(value.isNumber(), () -> name + " is not a number in the line");
            values.add(value.doubleValue());
        }
        assertTrue(!values.isEmpty() && values.size() <= 100, () -> name + " has no value");
        return values;
    }

    private static List<String> dimensionSet(JsonNode set, JsonNode root) {
        assertTrue(set.isArray() && set.size() <= 30);
        List<String> keys = new ArrayList<>();
        for (JsonNode key : set) {
            JsonNode target = root.path(key.textValue());
            assertTrue(target.isTextual(), () -> key + " is no string in the line");
            assertTrue(target.textValue().matches("[!-~]{1,1024}"));
            keys.add(key.textValue());
        }
        return keys;
    }

    private static Set<String> keys(JsonNode object) {
        assertTrue(object.isObject(), () -> object + " is no object");
        return Set.copyOf(object.propertyStream().map(Map.Entry::getKey).toList());
    }

    private static JsonNode read(byte[] json) {
        try {
            return STRICT.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("no JSON", e);
        }
    }
}
