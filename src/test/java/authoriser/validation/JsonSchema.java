package authoriser.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keywords of JSON Schema (2020-12) that our document uses. Any other keyword is an error, so
 * that no keyword is ignored.
 */
final class JsonSchema {
    private static final Set<String> UNCHECKED = Set.of("description");

    private final JsonNode document;
    private final boolean closed;

    private JsonSchema(JsonNode document, boolean closed) {
        this.document = document;
        this.closed = closed;
    }

    /** The problems of a value with a schema of this document. */
    static List<String> problems(JsonNode document, JsonNode schema, JsonNode value) {
        return new JsonSchema(document, false).problems(schema, value, "");
    }

    /** The same, but a member that the schema does not name is a problem, too. */
    static List<String> problemsIfClosed(JsonNode document, JsonNode schema, JsonNode value) {
        return new JsonSchema(document, true).problems(schema, value, "");
    }

    private List<String> problems(JsonNode schema, JsonNode value, String at) {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            if (!UNCHECKED.contains(keyword.getKey())) {
                check(keyword.getKey(), keyword.getValue(), schema, value, at, problems);
            }
        }
        if (closed && schema.has("properties") && !schema.has("additionalProperties")) {
            value.fieldNames()
                    .forEachRemaining(name -> {
                        if (!schema.get("properties").has(name)) {
                            problems.add(at + "/" + name + " is not in the schema");
                        }
                    });
        }
        return problems;
    }

    private void check(
            String keyword,
            JsonNode rule,
            JsonNode schema,
            JsonNode value,
            String at,
            List<String> problems) {
        boolean holds = true;
        switch (keyword) {
            case "$ref" -> problems.addAll(problems(resolved(rule.asText()), value, at));
            case "type" -> holds = isOneOf(rule, value);
            case "const" -> holds = rule.equals(value);
            case "oneOf" -> {
                int fitting = 0;
                for (JsonNode alternative : rule) {
                    fitting += problems(alternative, value, at).isEmpty() ? 1 : 0;
                }
                holds = fitting == 1;
            }
            case "required" -> {
                for (JsonNode name : rule) {
                    holds &= !value.isObject() || value.has(name.asText());
                }
            }
            case "properties" ->
                    rule.properties()
                            .forEach(property -> {
                                JsonNode member = value.path(property.getKey());
                                if (!member.isMissingNode()) {
                                    problems.addAll(
                                            problems(
                                                    property.getValue(),
                                                    member,
                                                    at + "/" + property.getKey()));
                                }
                            });
            case "additionalProperties" -> {
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    if (rule.isObject() && !schema.path("properties").has(member.getKey())) {
                        problems.addAll(
                                problems(rule, member.getValue(), at + "/" + member.getKey()));
                    }
                }
                holds = rule.isObject() || rule.asBoolean();
            }
            case "propertyNames" -> {
                Pattern pattern = Pattern.compile(rule.get("pattern").asText());
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    holds &= pattern.matcher(member.getKey()).find();
                }
            }
            case "minProperties" -> holds = !value.isObject() || value.size() >= rule.asInt();
            case "maxProperties" -> holds = !value.isObject() || value.size() <= rule.asInt();
            case "items" -> {
                int index = 0;
                for (JsonNode element : value.isArray() ? value : List.<JsonNode>of()) {
                    problems.addAll(problems(rule, element, at + "/" + index++));
                }
            }
            case "uniqueItems" -> {
                Set<JsonNode> different = new HashSet<>();
                value.forEach(different::add);
                holds = !value.isArray() || different.size() == value.size();
            }
            case "minLength" -> holds = !value.isTextual() || length(value) >= rule.asInt();
            case "maxLength" -> holds = !value.isTextual() || length(value) <= rule.asInt();
            case "pattern" ->
                    holds =
                            !value.isTextual()
                                    || Pattern.compile(rule.asText())
                                            .matcher(value.asText())
                                            .find();
            default -> throw new IllegalArgumentException("No such keyword here: " + keyword);
        }
        if (!holds) {
            problems.add(at + " breaks " + keyword + " " + rule);
        }
    }

    private static int length(JsonNode text) {
        return text.asText().codePointCount(0, text.asText().length());
    }

    private static boolean isOneOf(JsonNode types, JsonNode value) {
        if (types.isTextual()) {
            return is(types.asText(), value);
        }
        for (JsonNode type : types) {
            if (is(type.asText(), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException("No such type here: " + type);
        };
    }

    private JsonNode resolved(String reference) {
        JsonNode target = document.at(reference.substring(1));
        if (target.isMissingNode()) {
            throw new IllegalArgumentException("Nothing is at " + reference);
        }
        return target;
    }
}
