package authoriser.deployment;

import static authoriser.deployment.Template.object;

import authoriser.deployment.Stack.Resource;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates a template as CloudFormation does: it checks parameters and rules, and evaluates
 * conditions and functions. It supports the functions that are used here. Any other function is an
 * error, and also a reference to a resource that does not exist or is not made.
 */
final class Evaluation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]+)}");

    /** The value of {@code AWS::NoValue}: the property, or the entry of the list, is omitted. */
    private static final Object NO_VALUE = new Object();

    private static final Map<String, Object> PSEUDO =
            Map.of(
                    "AWS::AccountId", "123456789012",
                    "AWS::NoValue", NO_VALUE,
                    "AWS::Region", "eu-west-1",
                    "AWS::StackName", "authoriser",
                    "AWS::URLSuffix", "amazonaws.com");

    private final Template template;
    private final String partition;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    Evaluation(Template template, Map<String, String> given, String partition) {
        this.template = template;
        this.partition = partition;
        Set<String> unknown = new HashSet<>(given.keySet());
        unknown.removeAll(template.parameters().keySet());
        unknown.forEach(name -> problems.add("no parameter " + name));
        template.parameters()
                .forEach((name, definition) -> take(name, object(definition), given.get(name)));
    }

    Stack stack() {
        if (!problems.isEmpty()) {
            return new Stack(problems, Map.of(), Map.of());
        }
        template.section("Rules").values().forEach(rule -> hold(object(rule)));
        Map<String, Resource> resources = new LinkedHashMap<>();
        template.section("Resources")
                .forEach((id, definition) -> {
                    if (made(id)) {
                        resources.put(id, resource(object(definition)));
                    }
                });
        Map<String, JsonNode> outputs = new LinkedHashMap<>();
        template.section("Outputs")
                .forEach((id, definition) -> {
                    Map<String, Object> output = object(definition);
                    if (holds(output.get("Condition"))) {
                        outputs.put(id, JSON.valueToTree(resolve(output.get("Value"))));
                    }
                });
        return new Stack(problems, resources, outputs);
    }

    private void take(String name, Map<String, Object> definition, String given) {
        Object value = given != null ? given : definition.get("Default");
        if (value == null) {
            problems.add(name + " is not given");
            return;
        }
        String text = value.toString();
        Object type = definition.get("Type");
        if (!Set.of("String", "Number").contains(type)) {
            throw new IllegalStateException("unknown type " + type);
        }
        Object pattern = definition.get("AllowedPattern");
        if (pattern != null && !text.matches(pattern.toString())) {
            problems.add(name + " " + definition.get("ConstraintDescription"));
        }
        if (definition.get("AllowedValues") instanceof List<?> allowed
                && allowed.stream().noneMatch(one -> one.toString().equals(text))) {
            problems.add(name + " must be one of " + allowed);
        }
        if (definition.get("MaxLength") instanceof Integer longest && text.length() > longest) {
            problems.add(name + " is too long");
        }
        if (type.equals("Number")) {
            BigDecimal number = new BigDecimal(text);
            if (outside(number, definition.get("MinValue"), -1)
                    || outside(number, definition.get("MaxValue"), 1)) {
                problems.add(name + " is out of bounds");
            }
        }
        values.put(name, text);
    }

    private static boolean outside(BigDecimal number, Object bound, int side) {
        return bound != null && number.compareTo(new BigDecimal(bound.toString())) == side;
    }

    private void hold(Map<String, Object> rule) {
        if (rule.containsKey("RuleCondition") && !isTrue(rule.get("RuleCondition"))) {
            return;
        }
        for (Object entry : (List<?>) rule.get("Assertions")) {
            Map<String, Object> assertion = object(entry);
            if (!isTrue(assertion.get("Assert"))) {
                problems.add(assertion.get("AssertDescription").toString());
            }
        }
    }

    private Resource resource(Map<String, Object> definition) {
        if (definition.get("DependsOn") instanceof List<?> others) {
            others.forEach(other -> existing(other.toString()));
        }
        Object properties = resolve(definition.getOrDefault("Properties", Map.of()));
        return new Resource(definition.get("Type").toString(), JSON.valueToTree(properties));
    }

    private boolean made(String id) {
        return holds(object(template.section("Resources").get(id)).get("Condition"));
    }

    private boolean holds(Object condition) {
        if (condition == null) {
            return true;
        }
        Map<String, Object> conditions = template.section("Conditions");
        if (!conditions.containsKey(condition.toString())) {
            throw new IllegalStateException("no condition " + condition);
        }
        return isTrue(conditions.get(condition.toString()));
    }

    private boolean isTrue(Object node) {
        return switch (resolve(node)) {
            case Boolean is -> is;
            case Object other ->
                    throw new IllegalStateException("neither true nor false: " + other);
        };
    }

    private Object resolve(Object node) {
        return switch (node) {
            case Map<?, ?> map when map.size() == 1 && isFunction(map) -> {
                Map.Entry<String, Object> call = object(map).entrySet().iterator().next();
                yield apply(call.getKey(), call.getValue());
            }
            case Map<?, ?> map -> {
                Map<String, Object> resolved = new LinkedHashMap<>();
                object(map)
                        .forEach((key, value) -> {
                            Object result = resolve(value);
                            if (result != NO_VALUE) {
                                resolved.put(key, result);
                            }
                        });
                yield resolved;
            }
            case List<?> list -> resolveAll(list);
            default -> node;
        };
    }

    private List<Object> resolveAll(Object list) {
        List<Object> resolved = new ArrayList<>();
        for (Object entry : (List<?>) list) {
            Object result = resolve(entry);
            if (result != NO_VALUE) {
                resolved.add(result);
            }
        }
        return resolved;
    }

    private static boolean isFunction(Map<?, ?> map) {
        Map.Entry<?, ?> call = map.entrySet().iterator().next();
        String key = call.getKey().toString();
        return key.equals("Ref")
                || key.startsWith("Fn::")
                || key.equals("Condition") && call.getValue() instanceof String;
    }

    private Object apply(String function, Object argument) {
        if (function.equals("Fn::If")) {
            List<?> choice = (List<?>) argument;
            return resolve(holds(choice.get(0)) ? choice.get(1) : choice.get(2));
        }
        if (function.equals("Fn::Sub")) {
            return substituted(argument);
        }
        return switch (function) {
            case "Ref" -> reference(argument.toString());
            case "Condition" -> holds(argument);
            case "Fn::GetAtt" -> {
                List<?> path = (List<?>) argument;
                yield existing(path.get(0).toString()) + "." + path.get(1);
            }
            default -> calculated(function, resolveAll(argument));
        };
    }

    private Object calculated(String function, List<Object> arguments) {
        return switch (function) {
            case "Fn::Join" ->
                    String.join(
                            arguments.get(0).toString(),
                            ((List<?>) arguments.get(1)).stream().map(Object::toString).toList());
            case "Fn::Split" ->
                    List.of(
                            arguments
                                    .get(1)
                                    .toString()
                                    .split(Pattern.quote(arguments.get(0).toString()), -1));
            case "Fn::Select" ->
                    ((List<?>) arguments.get(1)).get(Integer.parseInt(arguments.get(0).toString()));
            case "Fn::Equals" ->
                    Objects.equals(arguments.get(0).toString(), arguments.get(1).toString());
            case "Fn::Not" -> !(Boolean) arguments.get(0);
            case "Fn::And" -> arguments.stream().allMatch(Boolean.TRUE::equals);
            case "Fn::Or" -> arguments.stream().anyMatch(Boolean.TRUE::equals);
            case "Fn::Contains" -> ((List<?>) arguments.get(0)).contains(arguments.get(1));
            default -> throw new IllegalStateException("unknown function " + function);
        };
    }

    private Object reference(String name) {
        if (name.equals("AWS::Partition")) {
            return partition;
        }
        if (PSEUDO.containsKey(name)) {
            return PSEUDO.get(name);
        }
        return values.containsKey(name) ? values.get(name) : existing(name);
    }

    private String existing(String id) {
        if (!template.section("Resources").containsKey(id)) {
            throw new IllegalStateException("neither a parameter nor a resource: " + id);
        }
        if (!made(id)) {
            throw new IllegalStateException("used, but not made: " + id);
        }
        return id;
    }

    private String substituted(Object argument) {
        boolean withNames = argument instanceof List<?>;
        String text = (withNames ? ((List<?>) argument).get(0) : argument).toString();
        Map<String, Object> names = withNames ? object(((List<?>) argument).get(1)) : Map.of();
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(replacement(found, names)));
    }

    private String replacement(MatchResult found, Map<String, Object> names) {
        String name = found.group(2);
        if (!found.group(1).isEmpty()) {
            return "${" + name + "}";
        }
        if (names.containsKey(name)) {
            return resolve(names.get(name)).toString();
        }
        int dot = name.indexOf('.');
        return dot < 0
                ? reference(name).toString()
                : existing(name.substring(0, dot)) + name.substring(dot);
    }
}
