package authoriser.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Decides by an authoriser's policy whether a request may pass, the way IAM's evaluation logic
 * does: an explicit Deny wins over any Allow, and what no statement matches is denied.
 *
 * <p>A document that API Gateway might not take, or that asks for more than is known here, is an
 * error and never a decision.
 */
public final class PolicyEvaluator {
    private static final String ACTION = "execute-api:Invoke";
    private static final int LONGEST_RESOURCE = 512;
    private static final Set<String> DOCUMENT_KEYS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_KEYS =
            Set.of("Sid", "Effect", "Action", "Resource", "Condition");

    private PolicyEvaluator() {}

    public enum Verdict {
        ALLOW,
        EXPLICIT_DENY,
        IMPLICIT_DENY
    }

    /** The document is none that API Gateway would apply. */
    public static final class InvalidPolicy extends RuntimeException {
        private static final long serialVersionUID = 1;

        public InvalidPolicy(String message) {
            super(message);
        }
    }

    /** Judges one request, named by its method ARN, at an instant. */
    public static Verdict evaluate(JsonNode document, String methodArn, Instant now) {
        requireKeys(document, DOCUMENT_KEYS, "policy document");
        String version = document.path("Version").asText();
        require(Set.of("2012-10-17", "2008-10-17").contains(version), "Version is missing");
        List<JsonNode> statements = oneOrMore(document.path("Statement"));
        require(!statements.isEmpty(), "Statement is missing or empty");

        boolean allowed = false;
        boolean denied = false;
        // Every statement is looked at, so that a wrong one is found wherever it stands
        for (JsonNode statement : statements) {
            boolean applies = applies(statement, methodArn, now);
            switch (statement.path("Effect").asText()) {
                case "Allow" -> allowed |= applies;
                case "Deny" -> denied |= applies;
                default -> throw new InvalidPolicy("Effect is neither Allow nor Deny");
            }
        }
        if (denied) {
            return Verdict.EXPLICIT_DENY;
        }
        return allowed ? Verdict.ALLOW : Verdict.IMPLICIT_DENY;
    }

    /**
     * A line of a policy for a person.
     *
     * @param until when the statement ends; empty text if it does not end
     */
    public record Line(String effect, String resource, String until) {}

    /** A line for each resource of each statement. */
    public static List<Line> lines(JsonNode document) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode statement : oneOrMore(document.path("Statement"))) {
            String until = statement.at("/Condition/DateLessThan/aws:CurrentTime").asText("");
            for (JsonNode resource : oneOrMore(statement.path("Resource"))) {
                lines.add(new Line(statement.path("Effect").asText(), resource.asText(), until));
            }
        }
        return lines;
    }

    /** Matches with {@code *} for any run of characters and {@code ?} for any one, slashes too. */
    public static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean applies(JsonNode statement, String methodArn, Instant now) {
        requireKeys(statement, STATEMENT_KEYS, "statement");
        List<String> actions = texts(statement.path("Action"), "Action");
        List<String> resources = texts(statement.path("Resource"), "Resource");
        require(
                resources.stream().allMatch(resource -> resource.length() <= LONGEST_RESOURCE),
                "Resource is longer than " + LONGEST_RESOURCE + " characters");
        boolean inTime = !statement.has("Condition") || holds(statement.get("Condition"), now);
        return inTime
                && actions.stream().anyMatch(PolicyEvaluator::isInvoke)
                && resources.stream().anyMatch(resource -> matches(resource, methodArn));
    }

    private static boolean isInvoke(String action) {
        return matches(action.toLowerCase(Locale.ROOT), ACTION.toLowerCase(Locale.ROOT));
    }

    /** Operators and keys must all hold; of a key's values, one. */
    private static boolean holds(JsonNode condition, Instant now) {
        require(condition.isObject() && !condition.isEmpty(), "Condition is empty or no object");
        boolean holds = true;
        for (Map.Entry<String, JsonNode> operator : condition.properties()) {
            require(
                    operator.getValue().isObject() && !operator.getValue().isEmpty(),
                    "Condition operator " + operator.getKey() + " has no keys");
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                require(
                        key.getKey().equalsIgnoreCase("aws:CurrentTime"),
                        "Condition key " + key.getKey() + " is not known here");
                holds &=
                        texts(key.getValue(), "Condition value").stream()
                                .anyMatch(value -> compare(operator.getKey(), now, date(value)));
            }
        }
        return holds;
    }

    private static boolean compare(String operator, Instant now, Instant value) {
        return switch (operator) {
            case "DateEquals" -> now.equals(value);
            case "DateNotEquals" -> !now.equals(value);
            case "DateLessThan" -> now.isBefore(value);
            case "DateLessThanEquals" -> !now.isAfter(value);
            case "DateGreaterThan" -> now.isAfter(value);
            case "DateGreaterThanEquals" -> !now.isBefore(value);
            default ->
                    throw new InvalidPolicy(
                            "Condition operator " + operator + " is not known here");
        };
    }

    /** A date in ISO 8601 or as seconds since 1970, the two forms that IAM takes. */
    private static Instant date(String text) {
        try {
            return text.matches("\\d+")
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : Instant.parse(text);
        } catch (DateTimeException | NumberFormatException e) {
            throw new InvalidPolicy("A condition's date is neither in ISO 8601 nor in seconds");
        }
    }

    private static List<String> texts(JsonNode oneOrMore, String name) {
        List<JsonNode> values = oneOrMore(oneOrMore);
        require(!values.isEmpty(), name + " is missing or empty");
        require(values.stream().allMatch(JsonNode::isTextual), name + " holds other than strings");
        return values.stream().map(JsonNode::asText).toList();
    }

    private static List<JsonNode> oneOrMore(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false).toList();
        }
        return node.isMissingNode() || node.isNull() ? List.of() : List.of(node);
    }

    private static void requireKeys(JsonNode object, Set<String> known, String name) {
        require(object.isObject(), "The " + name + " is no object");
        object.fieldNames()
                .forEachRemaining(
                        key -> require(known.contains(key), key + " is no key of a " + name));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidPolicy(otherwise);
        }
    }
}
