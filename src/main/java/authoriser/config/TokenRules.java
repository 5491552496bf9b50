package authoriser.config;

import java.time.Duration;
import java.util.Set;

/**
 * What a token must be like, besides being a valid one of a configured issuer.
 *
 * @param clientIds the app clients allowed ({@code client_id}); empty for any
 * @param audiences the names of this API in {@code aud}; empty if it has none
 * @param audienceRequired whether a token must have an {@code aud}
 * @param requiredScopes the scopes of which every token must have all
 * @param requiredGroups the groups of which every token must have one; empty for none
 * @param clockSkew leeway for {@code exp}, {@code nbf} and {@code iat}
 * @param keptClaims the claims that are handed on with a verified token
 */
public record TokenRules(
        Set<String> clientIds,
        Set<String> audiences,
        boolean audienceRequired,
        Set<String> requiredScopes,
        Set<String> requiredGroups,
        Duration clockSkew,
        Set<String> keptClaims) {}
