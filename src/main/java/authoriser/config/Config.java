package authoriser.config;

import authoriser.http.Endpoint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings, read and checked once, at the start.
 *
 * @param issuers the issuers whose tokens are accepted, at least one
 * @param token the rules for every token
 * @param scopeRules the scopes that some routes need in addition
 * @param groupRules the groups that some routes need in addition
 * @param validatedHeaders the names of the headers that the validation service checks, spelt as in
 *     the setting
 * @param service the validation service
 * @param unauthorizedForInvalidTokens whether a bad token becomes the error {@code Unauthorized}
 *     instead of a Deny
 * @param policyExpiry whether an Allow ends with its token
 * @param contextClaims the claims that the context holds for the backend
 * @param logging which log lines are written, and with how much detail
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
        List<ContextClaim> contextClaims,
        Logging logging) {

    /**
     * Which log lines are written, and with how much detail.
     *
     * @param allowEvery of how many Allows in a row one writes a line
     * @param debugCallers the values of {@code sub} and {@code client_id} whose lines have more
     *     detail
     * @param debugPercent the share of requests whose lines have more detail, in percent
     */
    public record Logging(int allowEvery, Set<String> debugCallers, int debugPercent) {}

    /** An issuer: the exact value of {@code iss}, and the URL of its keys. */
    public record Issuer(String name, Endpoint jwks) {}

    /**
     * The validation service and how to get a token for it.
     *
     * @param authorities the certificate authorities for {@code url}; empty for the public ones
     * @param claims the claims of the caller's token that are sent to the service in addition
     * @param timeout the limit of one outbound request
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

    /** The client secret, or where it is stored. */
    public sealed interface ClientSecret {
        /**
         * The kind: the compiler checks that a {@code switch} expression over it has every case.
         */
        Kind kind();

        /** The kinds, one for each of the types below. */
        enum Kind {
            VALUE,
            STORED
        }

        /** The secret itself. */
        record Value(Secret secret) implements ClientSecret {
            @Override
            public Kind kind() {
                return Kind.VALUE;
            }
        }

        /** The ARN or name of a secret in Secrets Manager. */
        record Stored(String id) implements ClientSecret {
            @Override
            public Kind kind() {
                return Kind.STORED;
            }
        }
    }

    /** Checks whether well-formed settings fit into an answer. */
    public interface AnswerCheck {
        /**
         * The problem with all rules for routes together, as the rest of a sentence that begins
         * with the setting; empty if there is none.
         */
        Optional<String> problemOf(List<RouteRule> rules);

        /**
         * The first key of a claim that the context already uses for something else; empty if none.
         */
        Optional<String> collisionOf(List<ContextClaim> claims);
    }

    /**
     * Reads the settings from environment variables.
     *
     * @throws InvalidSettings with every problem
     */
    public static Config parse(Map<String, String> environment, AnswerCheck answerCheck) {
        return new SettingsReader(environment, answerCheck).read();
    }
}
