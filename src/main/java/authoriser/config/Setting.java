package authoriser.config;

/** The settings, each of which is an environment variable. */
public enum Setting {
    COGNITO_USER_POOL_ID("CognitoUserPoolId"),
    COGNITO_ISSUER("CognitoIssuer"),
    COGNITO_JWKS_URL("CognitoJwksUrl"),
    COGNITO_CLIENT_IDS("CognitoClientIds"),
    COGNITO_AUDIENCES("CognitoAudiences"),
    AUDIENCE_REQUIRED("AudienceRequired"),
    REQUIRED_SCOPES("RequiredScopes"),
    REQUIRED_GROUPS("RequiredGroups"),
    SCOPE_RULES("ScopeRules"),
    GROUP_RULES("GroupRules"),
    VALIDATED_HEADERS("ValidatedHeaders"),
    SERVICE_CLAIMS("ServiceClaims"),
    CONTEXT_CLAIMS("ContextClaims"),
    VALIDATION_SERVICE_URL("ValidationServiceUrl"),
    VALIDATION_SERVICE_CA_CERTIFICATES("ValidationServiceCaCertificates"),
    VALIDATION_SERVICE_TOKEN_URL("ValidationServiceTokenUrl"),
    VALIDATION_SERVICE_CLIENT_ID_VALUE("ValidationServiceClientIdValue"),
    VALIDATION_SERVICE_CLIENT_SECRET_VALUE("ValidationServiceClientSecretValue"),
    VALIDATION_SERVICE_CLIENT_SECRET_ARN("ValidationServiceClientSecretArn"),
    VALIDATION_SERVICE_SCOPE("ValidationServiceScope"),
    VALIDATION_SERVICE_TIMEOUT_MS("ValidationServiceTimeoutMs"),
    INVALID_TOKEN_RESPONSE("InvalidTokenResponse"),
    POLICY_EXPIRY("PolicyExpiry"),
    CLOCK_SKEW_SECONDS("ClockSkewSeconds");

    private final String variable;

    Setting(String variable) {
        this.variable = variable;
    }

    /** The name of the environment variable. */
    public String variable() {
        return variable;
    }
}
