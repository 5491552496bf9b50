package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.json.JsonDocument;
import authoriser.standin.PolicyEvaluator;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A response that API Gateway accepts. It is read strictly, and its policy is evaluated like IAM
 * does: an explicit Deny wins, and the default is Deny.
 *
 * <p>This class does not use the code that writes responses.
 */
public record CheckedAnswer(
        String principalId, List<Statement> statements, Map<String, String> context) {
    private static final ObjectMapper STRICT =
            new ObjectMapper(
                            new JsonFactoryBuilder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Pattern RESOURCE =
            Pattern.compile(
                    "arn(:[A-Za-z0-9-]+):execute-api(:[A-Za-z0-9-]+){3}"
                            + "/([A-Za-z0-9_-]+|\\$default)/[!-~&&[^?{}\"\\\\<>^`|#\\[\\]]]+");

    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");

    /** The keys that {@code $context.authorizer} already has, or that it does not accept. */
    private static final Set<String> TAKEN_KEYS =
            Set.of(
                    "claims",
                    "principalId",
                    "integrationLatency",
                    "error",
                    "status",
                    "requestId",
                    "latency",
                    "integrationStatus");

    /**
     * A statement. It applies before the time {@code before}, to the resources, in which {@code *}
     * is any run of characters.
     */
    public record Statement(String effect, List<String> resources, Optional<Instant> before) {
        boolean applies(String arn, Instant now) {
            return before.map(now::isBefore).orElse(true)
                    && resources.stream()
                            .anyMatch(resource -> PolicyEvaluator.matches(resource, arn));
        }
    }

    /** Reads a response, and fails if API Gateway may refuse it. */
    public static CheckedAnswer of(JsonDocument answer) {
        byte[] json = jsonOf(answer);
        assertEquals(answer.size(), json.length);
        assertTrue(json.length <= 8_192, () -> "the answer has " + json.length + " bytes");
        JsonNode root = read(json);
        if (root.has("usageIdentifierKey")) {
            assertFalse(text(((ObjectNode) root).remove("usageIdentifierKey")).isEmpty());
        }
        assertKeys(root, Set.of("principalId", "policyDocument", "context"));
        JsonNode policy = root.get("policyDocument");
        assertKeys(policy, Set.of("Version", "Statement"));
        assertEquals("2012-10-17", text(policy.get("Version")));
        assertTrue(policy.get("Statement").isArray());
        assertFalse(policy.get("Statement").isEmpty());
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : policy.get("Statement")) {
            statements.add(statement(statement));
        }
        assertFalse(text(root.get("principalId")).isEmpty());
        return new CheckedAnswer(
                text(root.get("principalId")), statements, context(root.get("context")));
    }

    /** The bytes of a response. */
    public static byte[] jsonOf(JsonDocument answer) {
        try {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            answer.writeTo(json);
            return json.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a request with this ARN is allowed. */
    public boolean allows(String arn, Instant now) {
        return statements.stream().noneMatch(statement -> denies(statement, arn, now))
                && statements.stream()
                        .anyMatch(s -> s.effect.equals("Allow") && s.applies(arn, now));
    }

    /** Whether a request with this ARN is denied by a statement, not only by the lack of one. */
    public boolean deniesExplicitly(String arn, Instant now) {
        return statements.stream().anyMatch(statement -> denies(statement, arn, now));
    }

    private static boolean denies(Statement statement, String arn, Instant now) {
        return statement.effect.equals("Deny") && statement.applies(arn, now);
    }

    private static Statement statement(JsonNode statement) {
        Optional<Instant> before = Optional.empty();
        if (statement.has("Condition")) {
            assertKeys(statement, Set.of("Effect", "Action", "Resource", "Condition"));
            assertKeys(statement.get("Condition"), Set.of("DateLessThan"));
            JsonNode operator = statement.get("Condition").get("DateLessThan");
            assertKeys(operator, Set.of("aws:CurrentTime"));
            String time = text(operator.get("aws:CurrentTime"));
            assertTrue(TIME.matcher(time).matches(), time);
            before = Optional.of(Instant.parse(time));
        } else {
            assertKeys(statement, Set.of("Effect", "Action", "Resource"));
        }
        String effect = text(statement.get("Effect"));
        assertTrue(Set.of("Allow", "Deny").contains(effect), effect);
        assertEquals("execute-api:Invoke", text(statement.get("Action")));
        return new Statement(effect, resources(statement.get("Resource")), before);
    }

    private static List<String> resources(JsonNode resource) {
        List<String> resources = new ArrayList<>();
        for (JsonNode one : resource.isArray() ? resource : List.of(resource)) {
            String text = text(one);
            assertTrue(text.length() <= 512, () -> text.length() + " characters: " + text);
            assertTrue(RESOURCE.matcher(text).matches(), text);
            resources.add(text);
        }
        assertFalse(resources.isEmpty());
        return resources;
    }

    private static Map<String, String> context(JsonNode context) {
        assertTrue(context.isObject());
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : context.properties()) {
            assertFalse(entry.getKey().isEmpty());
            assertFalse(TAKEN_KEYS.contains(entry.getKey()), entry.getKey());
            values.put(entry.getKey(), text(entry.getValue()));
        }
        return values;
    }

    private static String text(JsonNode value) {
        assertTrue(value.isTextual(), () -> value + " is no string");
        return value.textValue();
    }

    private static void assertKeys(JsonNode object, Set<String> keys) {
        assertTrue(object.isObject(), () -> object + " is no object");
        assertEquals(keys, Set.copyOf(object.propertyStream().map(Map.Entry::getKey).toList()));
    }

    private static JsonNode read(byte[] json) {
        try {
            return STRICT.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("no JSON", e);
        }
    }
}
