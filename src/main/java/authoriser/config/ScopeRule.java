package authoriser.config;

import java.util.Set;

/**
 * A route and the scopes of which a token needs one.
 *
 * @param method an HTTP method in capitals, or {@code *}
 * @param path begins with a slash; {@code *} stands for any run of characters
 * @param scopes at least one
 */
public record ScopeRule(String method, String path, Set<String> scopes) {}
