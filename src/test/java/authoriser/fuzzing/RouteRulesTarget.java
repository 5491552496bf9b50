package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.config.InvalidSettings;
import authoriser.config.Texts;
import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.fuzzing.CheckedFunction.Outcome;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code ScopeRules}, and after an empty line {@code GroupRules}. Settings that are accepted must
 * give the policy that another reading of the rules gives.
 */
final class RouteRulesTarget implements FuzzTarget {
    private static final Set<String> SCOPES = Set.of("openid", "orders/read");
    private static final Set<String> GROUPS = Set.of("clerks", "night-shift");
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String STAGE = "arn:aws:execute-api:eu-west-1:123456789012:";

    /** A rule as another reader reads it. */
    private record Rule(String method, String path, boolean satisfied) {
        boolean refuses(String requested, String requestedPath) {
            return !satisfied
                    && (method.equals("*") || method.equals(requested))
                    && matches(path, requestedPath);
        }
    }

    @Override
    public void take(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int end = text.indexOf("\n\n");
        String scopeRules = end < 0 ? text : text.substring(0, end);
        String groupRules = end < 0 ? "" : text.substring(end + 2);
        CheckedFunction function;
        try {
            function = new CheckedFunction("ScopeRules", scopeRules, "GroupRules", groupRules);
        } catch (InvalidSettings e) {
            return;
        }
        Outcome outcome = function.answerGoodEvent();
        assertEquals(Kind.ALLOW, outcome.kind(), outcome.text());
        List<Rule> rules = new ArrayList<>();
        read(scopeRules, SCOPES, rules);
        read(groupRules, GROUPS, rules);
        assertPolicy(rules, outcome, function.function().clock.instant());
    }

    private static void assertPolicy(List<Rule> rules, Outcome outcome, Instant now) {
        String resource =
                outcome.answer().orElseThrow().statements().getFirst().resources().getFirst();
        int api = resource.indexOf(STAGE) + STAGE.length();
        String stage =
                STAGE
                        + resource.substring(
                                api, resource.indexOf('/', resource.indexOf('/', api) + 1));
        for (String path : paths(rules)) {
            for (String method : METHODS) {
                boolean refused = rules.stream().anyMatch(rule -> rule.refuses(method, path));
                assertEquals(
                        !refused,
                        outcome.answer().orElseThrow().allows(stage + "/" + method + path, now),
                        method + " " + path);
            }
        }
    }

    /** Paths that the rules match, and others. */
    private static Set<String> paths(List<Rule> rules) {
        Set<String> paths = new LinkedHashSet<>(List.of("/", "/orders/42", "/admin/x", "//", "/*"));
        for (Rule rule : rules) {
            for (String run : List.of("", "x", "x/y")) {
                String path = rule.path().replace("*", run);
                paths.add(path);
                paths.add(path + "/");
                paths.add("/x" + path);
            }
        }
        return paths;
    }

    private static void read(String json, Set<String> held, List<Rule> rules) {
        if (Texts.stripped(json).isEmpty()) {
            return;
        }
        JsonNode tree = Tree.of(Texts.stripped(json).getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            String route = Texts.stripped(entry.getKey());
            int space = route.indexOf(' ');
            List<String> names = new ArrayList<>();
            entry.getValue().forEach(name -> names.add(Texts.stripped(name.asText())));
            rules.add(
                    new Rule(
                            route.substring(0, space),
                            Texts.stripped(route.substring(space + 1)),
                            !Collections.disjoint(names, held)));
        }
    }

    /** Whether a path is one of a route's, in which {@code *} is any run of characters. */
    private static boolean matches(String route, String path) {
        boolean[] reached = new boolean[path.length() + 1];
        reached[0] = true;
        for (char c : route.toCharArray()) {
            boolean[] after = new boolean[path.length() + 1];
            for (int i = 0; i <= path.length(); i++) {
                after[i] =
                        c == '*'
                                ? reached[i] || (i > 0 && after[i - 1])
                                : i > 0 && reached[i - 1] && path.charAt(i - 1) == c;
            }
            reached = after;
        }
        return reached[path.length()];
    }
}
