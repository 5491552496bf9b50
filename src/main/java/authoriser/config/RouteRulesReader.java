package authoriser.config;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads {@code ScopeRules} and {@code GroupRules}: {@code {"GET /orders/*": ["orders/read"], "*
 * /admin/*": ["admin"]}}.
 *
 * <p>A rule that would protect nothing is a problem: a path parameter such as {@code {id}} is never
 * in the ARN of a request, and {@code ?} is a wildcard in a policy.
 */
final class RouteRulesReader {
    private final String what;
    private final Predicate<String> isName;
    private final Consumer<String> problems;

    private RouteRulesReader(String what, Predicate<String> isName, Consumer<String> problems) {
        this.what = what;
        this.isName = isName;
        this.problems = problems;
    }

    /** Reads {@code ScopeRules}. A problem is the rest of a sentence that begins with the name. */
    static List<RouteRule> scopeRules(String json, Consumer<String> problems) {
        return new RouteRulesReader("scopes", RouteRulesReader::isScope, problems).read(json);
    }

    /** Reads {@code GroupRules}. A problem is the rest of a sentence that begins with the name. */
    static List<RouteRule> groupRules(String json, Consumer<String> problems) {
        return new RouteRulesReader("groups", RouteRulesReader::isGroup, problems).read(json);
    }

    private List<RouteRule> read(String json) {
        List<RouteRule> rules = new ArrayList<>();
        try {
            Json.readStrictly(
                    json.getBytes(StandardCharsets.UTF_8),
                    (route, value) -> addRule(route, names(route, value), rules));
        } catch (IOException e) {
            problems.accept(
                    "must be a JSON object of routes to arrays of " + what + ", each route once");
        }
        return List.copyOf(rules);
    }

    private void addRule(String name, Set<String> names, List<RouteRule> rules) {
        String route = Texts.stripped(name);
        int space = route.indexOf(' ');
        String method = space < 0 ? "" : route.substring(0, space);
        String path = Texts.stripped(route.substring(space + 1));
        boolean known = method.equals("*") || RouteRule.METHODS.contains(method);
        if (!known || !isPath(path)) {
            problems.accept(
                    "holds the route "
                            + SettingValues.quoted(name)
                            + ", which is not a method or * and a path such as GET /orders/*"
                            + " (a path holds letters, digits and /-._~!$&'()+,;=:@% and *; no ?, no {name}: write * for it)");
            return;
        }
        if (!names.isEmpty()) {
            rules.add(new RouteRule(method, path, names));
        }
    }

    /** The characters of a path (RFC 3986 section 3.3); {@code *} is the wildcard. */
    private static boolean isPath(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean alphanumeric =
                    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!alphanumeric && "/-._~!$&'()+,;=:@%*".indexOf(c) < 0) {
                return false;
            }
        }
        return path.startsWith("/");
    }

    private Set<String> names(String route, JsonParser value) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        boolean usable = value.currentToken() == JsonToken.START_ARRAY;
        if (usable) {
            while (value.nextToken() != JsonToken.END_ARRAY) {
                String name =
                        Texts.stripped(Objects.requireNonNullElse(Json.stringOrNull(value), ""));
                usable &= isName.test(name);
                names.add(name);
            }
        } else {
            value.skipChildren();
        }
        if (!usable || names.isEmpty()) {
            problems.accept(
                    "must give the route "
                            + SettingValues.quoted(route)
                            + " an array of one or more "
                            + what);
            return Set.of();
        }
        return names;
    }

    /** A scope token of RFC 6749 section 3.3. */
    static boolean isScope(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x21 || c > 0x7e || c == '"' || c == '\\') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * The name of a Cognito group: 1 to 128 letters, digits, signs and marks, without white space
     * (CreateGroup, GroupName).
     */
    static boolean isGroup(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c)) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 128;
    }
}
