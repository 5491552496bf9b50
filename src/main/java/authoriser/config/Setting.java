package authoriser.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings, each of which is an environment variable, with their defaults and limits. */
public enum Setting {
    /** Ids of user pools; required unless {@link #COGNITO_ISSUER} is set. */
    COGNITO_USER_POOL_ID("CognitoUserPoolId"),

    /** Issuers, instead of those of the user pools. */
    COGNITO_ISSUER("CognitoIssuer"),

    /** URLs of the issuers' keys, instead of those derived from the issuers. */
    COGNITO_JWKS_URL("CognitoJwksUrl"),

    /** App clients that are accepted; all if it is unset. */
    COGNITO_CLIENT_IDS("CognitoClientIds"),

    /** Names of this API in {@code aud}. */
    COGNITO_AUDIENCES("CognitoAudiences"),

    /**
     * Whether a token must have {@code aud}; by default, only if {@link #COGNITO_AUDIENCES} is set.
     */
    AUDIENCE_REQUIRED("AudienceRequired"),

    /** Scopes that every token must have. */
    REQUIRED_SCOPES("RequiredScopes"),

    /** Groups of which every token must have one. */
    REQUIRED_GROUPS("RequiredGroups"),

    /** Scopes that some routes need, in JSON. */
    SCOPE_RULES("ScopeRules"),

    /** Groups that some routes need, in JSON. */
    GROUP_RULES("GroupRules"),

    /** Names of the headers that the validation service checks. */
    VALIDATED_HEADERS("ValidatedHeaders", true, false),

    /** Claims that are sent to the validation service in addition. */
    SERVICE_CLAIMS("ServiceClaims"),

    /** Claims that the context holds for the backend. */
    CONTEXT_CLAIMS("ContextClaims"),

    /** The validation service. */
    VALIDATION_SERVICE_URL("ValidationServiceUrl", true, false),

    /** Certificate authorities for the validation service, instead of the public ones. */
    VALIDATION_SERVICE_CA_CERTIFICATES("ValidationServiceCaCertificates"),

    /** The token endpoint for the validation service's tokens. */
    VALIDATION_SERVICE_TOKEN_URL("ValidationServiceTokenUrl", true, false),

    /** The client id for the token endpoint. */
    VALIDATION_SERVICE_CLIENT_ID_VALUE("ValidationServiceClientIdValue", true, false),

    /**
     * The client secret; required unless {@link #VALIDATION_SERVICE_CLIENT_SECRET_ARN} is set, and
     * not allowed beside it.
     */
    VALIDATION_SERVICE_CLIENT_SECRET_VALUE("ValidationServiceClientSecretValue", false, true),

    /** The ARN or name of the client secret in AWS Secrets Manager. */
    VALIDATION_SERVICE_CLIENT_SECRET_ARN("ValidationServiceClientSecretArn"),

    /** Scopes of the validation service's tokens. */
    VALIDATION_SERVICE_SCOPE("ValidationServiceScope"),

    /** The limit of one outbound request, in milliseconds. */
    VALIDATION_SERVICE_TIMEOUT_MS("ValidationServiceTimeoutMs", 2_000, 1, 30_000),

    /** The answer to a bad token: {@code deny} or {@code unauthorized}. */
    INVALID_TOKEN_RESPONSE("InvalidTokenResponse", "deny"),

    /** Whether an Allow ends with its token. */
    POLICY_EXPIRY("PolicyExpiry", "on"),

    /** The tolerance for {@code exp}, {@code nbf} and {@code iat}, in seconds. */
    CLOCK_SKEW_SECONDS("ClockSkewSeconds", 0, 0, 300),

    /** Of how many Allows in a row one writes a log line. */
    LOG_ALLOW_EVERY("LogAllowEvery", 1, 1, 100),

    /** Whose log lines have more detail: callers, or a share of requests in percent. */
    DEBUG_FOR("DebugFor");

    private final String variable;
    private final boolean required;
    private final boolean secret;
    private final @Nullable String fallback;
    private final long least;
    private final long most;

    Setting(String variable) {
        this(variable, false, false);
    }

    Setting(String variable, boolean required, boolean secret) {
        this(variable, required, secret, null, 0, 0);
    }

    Setting(String variable, String fallback) {
        this(variable, false, false, fallback, 0, 0);
    }

    Setting(String variable, long fallback, long least, long most) {
        this(variable, false, false, Long.toString(fallback), least, most);
    }

    Setting(
            String variable,
            boolean required,
            boolean secret,
            @Nullable String fallback,
            long least,
            long most) {
        this.variable = variable;
        this.required = required;
        this.secret = secret;
        this.fallback = fallback;
        this.least = least;
        this.most = most;
    }

    /** The name of the environment variable. */
    public String variable() {
        return variable;
    }

    /** Whether it must be set, whatever the other settings are. */
    public boolean required() {
        return required;
    }

    /** Whether its value is a secret. */
    public boolean secret() {
        return secret;
    }

    /** The default, which an unset setting has; empty if there is none. */
    public Optional<String> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** The least number that is accepted; 0 as well if the value is not a number. */
    public long least() {
        return least;
    }

    /** The largest number that is accepted; 0 if the value is not a number. */
    public long most() {
        return most;
    }
}
