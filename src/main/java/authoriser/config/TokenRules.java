package authoriser.config;

import java.time.Duration;
import java.util.Set;

/**
 * The rules for a token, beside being a valid token of a configured issuer.
 *
 * @param clientIds the allowed app clients ({@code client_id}); empty for all
 * @param audiences the names of this API in {@code aud}; empty if there is none
 * @param audienceRequired whether a token must have an {@code aud}
 * @param requiredScopes the scopes that every token must have
 * @param requiredGroups the groups of which every token must have one; empty if none is needed
 * @param clockSkew the tolerance for {@code exp}, {@code nbf} and {@code iat}
 * @param keptClaims the claims that a verified token keeps
 */
public record TokenRules(
        Set<String> clientIds,
        Set<String> audiences,
        boolean audienceRequired,
        Set<String> requiredScopes,
        Set<String> requiredGroups,
        Duration clockSkew,
        Set<String> keptClaims) {}
