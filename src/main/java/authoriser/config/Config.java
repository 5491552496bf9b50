package authoriser.config;

import authoriser.http.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings, read and checked once, at start.
 *
 * @param issuers whose tokens are taken, at least one
 * @param clientIds the app clients allowed; empty for any client of the pools
 * @param requiredScopes what every token must have
 * @param scopeRules what some routes need besides
 * @param validatedHeaders the names of the headers to judge, in the spelling of the setting
 * @param service the validation service
 * @param unauthorizedForInvalidTokens whether a bad token becomes the error {@code Unauthorized}
 *     instead of a Deny
 * @param policyExpiry whether an Allow ends with its token
 * @param clockSkew leeway for {@code exp}, {@code nbf} and {@code iat}
 */
public record Config(
        List<Issuer> issuers,
        Set<String> clientIds,
        Set<String> requiredScopes,
        List<ScopeRule> scopeRules,
        List<String> validatedHeaders,
        Service service,
        boolean unauthorizedForInvalidTokens,
        boolean policyExpiry,
        Duration clockSkew) {

    /** An issuer by the exact value of {@code iss}, and where its keys are. */
    public record Issuer(String name, Endpoint jwks) {}

    /**
     * The validation service and how to get a token for it.
     *
     * @param claims the claims of the caller's token that the service is told besides
     * @param timeout the limit of one outbound call
     */
    public record Service(
            Endpoint url,
            Endpoint tokenUrl,
            String clientId,
            ClientSecret secret,
            Optional<String> scope,
            List<String> claims,
            Duration timeout) {}

    /** The client secret, or where it is kept. */
    public sealed interface ClientSecret {
        /** The secret itself. */
        record Value(Secret secret) implements ClientSecret {}

        /** ARN or name of a secret in Secrets Manager. */
        record Stored(String id) implements ClientSecret {}
    }

    /**
     * Tells what is wrong with scope rules that are well-formed, such as that no policy could hold
     * them.
     */
    @FunctionalInterface
    public interface RulesCheck {
        /** The problem as the rest of a sentence about the setting; empty if there is none. */
        Optional<String> problemOf(List<ScopeRule> rules);
    }

    /**
     * Reads the settings from environment variables.
     *
     * @throws InvalidSettings naming every problem
     */
    public static Config parse(Map<String, String> environment, RulesCheck rulesCheck) {
        return new SettingsReader(environment, rulesCheck).read();
    }
}
