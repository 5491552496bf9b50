package authoriser.config;

import java.util.List;
import java.util.Set;

/**
 * A route and the scopes or groups of which a token needs one.
 *
 * @param method an HTTP method in capitals, or {@code *}
 * @param path begins with a slash; {@code *} matches any characters, also none
 * @param names the scopes or groups, at least one
 */
public record RouteRule(String method, String path, Set<String> names) {
    /** The methods that API Gateway routes (HTTP APIs and REST APIs alike). */
    public static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
}
