package authoriser.config;

import authoriser.http.Endpoint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings, read and checked once, at start.
 *
 * @param issuers whose tokens are taken, at least one
 * @param token what every token must be like
 * @param scopeRules the scopes that some routes need besides
 * @param groupRules the groups that some routes need besides
 * @param validatedHeaders the names of the headers to judge, in the spelling of the setting
 * @param service the validation service
 * @param unauthorizedForInvalidTokens whether a bad token becomes the error {@code Unauthorized}
 *     instead of a Deny
 * @param policyExpiry whether an Allow ends with its token
 * @param contextClaims the claims that the backend is told
 */
public record Config(
        List<Issuer> issuers,
        TokenRules token,
        List<RouteRule> scopeRules,
        List<RouteRule> groupRules,
        List<String> validatedHeaders,
        Service service,
        boolean unauthorizedForInvalidTokens,
        boolean policyExpiry,
        List<ContextClaim> contextClaims) {

    /** An issuer by the exact value of {@code iss}, and where its keys are. */
    public record Issuer(String name, Endpoint jwks) {}

    /**
     * The validation service and how to get a token for it.
     *
     * @param authorities who may vouch for {@code url} instead of the public authorities; empty for
     *     those
     * @param claims the claims of the caller's token that the service is told besides
     * @param timeout the limit of one outbound call
     */
    public record Service(
            Endpoint url,
            List<X509Certificate> authorities,
            Endpoint tokenUrl,
            String clientId,
            ClientSecret secret,
            Optional<String> scope,
            List<String> claims,
            Duration timeout) {}

    /** The client secret, or where it is kept. */
    public sealed interface ClientSecret {
        /** Applies the function for the case that this is. */
        <T> T match(Function<Value, T> value, Function<Stored, T> stored);

        /** The secret itself. */
        record Value(Secret secret) implements ClientSecret {
            @Override
            public <T> T match(Function<Value, T> value, Function<Stored, T> stored) {
                return value.apply(this);
            }
        }

        /** ARN or name of a secret in Secrets Manager. */
        record Stored(String id) implements ClientSecret {
            @Override
            public <T> T match(Function<Value, T> value, Function<Stored, T> stored) {
                return stored.apply(this);
            }
        }
    }

    /** Says what is wrong with settings that are well-formed, but that no answer could hold. */
    public interface AnswerCheck {
        /**
         * The problem of rules for routes together, as the rest of a sentence about the setting;
         * empty if there is none.
         */
        Optional<String> problemOf(List<RouteRule> rules);

        /** The first key of a claim that is not free in the context; empty if all are. */
        Optional<String> collisionOf(List<ContextClaim> claims);
    }

    /**
     * Reads the settings from environment variables.
     *
     * @throws InvalidSettings naming every problem
     */
    public static Config parse(Map<String, String> environment, AnswerCheck answerCheck) {
        return new SettingsReader(environment, answerCheck).read();
    }
}
