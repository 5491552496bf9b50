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

/**
 * Reads {@code ScopeRules}: {@code {"GET /orders/*": ["orders/read"], "* /admin/*": ["admin"]}}.
 *
 * <p>A rule that would silently protect nothing is a problem: a path parameter such as {@code {id}}
 * never stands in the ARN of a request, and {@code ?} would be a wildcard in a policy.
 */
final class ScopeRulesReader {
    private static final Set<String> METHODS =
            Set.of("*", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private ScopeRulesReader() {}

    static List<ScopeRule> read(String json, Consumer<String> problems) {
        List<ScopeRule> rules = new ArrayList<>();
        try {
            Json.readStrictly(
                    json.getBytes(StandardCharsets.UTF_8),
                    (route, value) -> rule(route, scopes(route, value, problems), rules, problems));
        } catch (IOException e) {
            problems.accept("must be a JSON object of routes to arrays of scopes, each route once");
        }
        return List.copyOf(rules);
    }

    private static void rule(
            String name, Set<String> scopes, List<ScopeRule> rules, Consumer<String> problems) {
        String route = Texts.stripped(name);
        int space = route.indexOf(' ');
        String method = space < 0 ? "" : route.substring(0, space);
        String path = Texts.stripped(route.substring(space + 1));
        if (!METHODS.contains(method) || !isPath(path)) {
            problems.accept(
                    "holds the route "
                            + SettingValues.quoted(name)
                            + ", which is not a method or * and a path such as GET /orders/*"
                            + " (a path holds letters, digits and /-._~!$&'()+,;=:@% and *; no ?, no {name}: write * for it)");
            return;
        }
        if (!scopes.isEmpty()) {
            rules.add(new ScopeRule(method, path, scopes));
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

    private static Set<String> scopes(String route, JsonParser value, Consumer<String> problems)
            throws IOException {
        Set<String> scopes = new LinkedHashSet<>();
        boolean usable = value.currentToken() == JsonToken.START_ARRAY;
        if (usable) {
            while (value.nextToken() != JsonToken.END_ARRAY) {
                String scope =
                        Texts.stripped(Objects.requireNonNullElse(Json.stringOrNull(value), ""));
                usable &= isScope(scope);
                scopes.add(scope);
            }
        } else {
            value.skipChildren();
        }
        if (!usable || scopes.isEmpty()) {
            problems.accept(
                    "must give the route "
                            + SettingValues.quoted(route)
                            + " an array of one or more scopes");
            return Set.of();
        }
        return scopes;
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
}
