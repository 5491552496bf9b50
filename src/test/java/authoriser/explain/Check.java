package authoriser.explain;

import authoriser.reason.Reason;
import java.util.Optional;

/** The checks of a decision, in the order in which the function makes them. */
public enum Check {
    EVENT("event"),
    AUTHORIZATION("Authorization"),
    FORM("form of the token"),
    ALGORITHM("alg"),
    ISSUER("iss"),
    USE("token_use"),
    CLIENT("client_id"),
    AUDIENCE("aud"),
    EXPIRY("exp"),
    START("nbf and iat"),
    KEY("kid"),
    SIGNATURE("signature"),
    SCOPES("scope"),
    GROUPS("cognito:groups"),
    HEADERS("validated headers"),
    SERVICE_TOKEN("service token"),
    SERVICE("validation service"),
    ANSWER("size of the answer");

    private final String title;

    Check(String title) {
        this.title = title;
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /**
     * The check that gives this reason.
     *
     * @param verified whether the token was verified
     * @param asked whether the validation service was asked
     * @return empty if all checks passed, or if the reason does not say which one failed
     */
    public static Optional<Check> failing(Reason reason, boolean verified, boolean asked) {
        return switch (reason) {
            case ALLOWED, INTERNAL_ERROR -> Optional.empty();
            case EVENT_MALFORMED -> Optional.of(EVENT);
            case TOKEN_MISSING -> Optional.of(AUTHORIZATION);
            case AMBIGUOUS_HEADER -> Optional.of(verified ? HEADERS : AUTHORIZATION);
            case TOKEN_MALFORMED -> Optional.of(FORM);
            case TOKEN_ALGORITHM -> Optional.of(ALGORITHM);
            case TOKEN_ISSUER -> Optional.of(ISSUER);
            case TOKEN_USE -> Optional.of(USE);
            case TOKEN_CLIENT -> Optional.of(CLIENT);
            case TOKEN_AUDIENCE -> Optional.of(AUDIENCE);
            case TOKEN_EXPIRED -> Optional.of(EXPIRY);
            case TOKEN_NOT_YET_VALID -> Optional.of(START);
            case TOKEN_KEY_UNKNOWN, KEYS_UNAVAILABLE -> Optional.of(KEY);
            case TOKEN_SIGNATURE -> Optional.of(SIGNATURE);
            case TOKEN_SCOPE -> Optional.of(SCOPES);
            case TOKEN_GROUP -> Optional.of(GROUPS);
            case HEADER_MISSING -> Optional.of(HEADERS);
            case SERVICE_TOKEN_UNAVAILABLE -> Optional.of(SERVICE_TOKEN);
            case VALIDATION_REFUSED, VALIDATION_UNAVAILABLE -> Optional.of(SERVICE);
            case TIME_OUT -> Optional.of(asked ? SERVICE : verified ? SERVICE_TOKEN : KEY);
            case ANSWER_TOO_LARGE -> Optional.of(ANSWER);
        };
    }

    /** What would have to change for a request that was refused or undecided for this reason. */
    public static String remedy(Reason reason) {
        return switch (reason) {
            case ALLOWED -> "";
            case TOKEN_MISSING ->
                    "The caller must send Authorization: Bearer TOKEN, with an access token.";
            case TOKEN_MALFORMED ->
                    "The caller must send the access token unchanged and whole. An ID token, a"
                            + " refresh token or an opaque token is not one.";
            case TOKEN_ALGORITHM ->
                    "The issuer must sign with RS256, as Cognito does. No setting allows another"
                            + " algorithm.";
            case TOKEN_KEY_UNKNOWN ->
                    "The issuer must publish the key. If the token is of another pool with the same"
                            + " iss, correct CognitoJwksUrl. After a key rotation, try again.";
            case TOKEN_SIGNATURE ->
                    "The caller must send the token as the issuer signed it. A changed token, or"
                            + " one that another key signed, is never accepted.";
            case TOKEN_ISSUER ->
                    "The caller must get the token from a configured issuer, or CognitoUserPoolId"
                            + " or CognitoIssuer must name the token's issuer.";
            case TOKEN_USE ->
                    "The caller must send the access token instead of the ID token. A token with"
                            + " cnf is bound to a key of its holder and is not a bearer token.";
            case TOKEN_CLIENT ->
                    "The caller must use an allowed app client, or CognitoClientIds must name the"
                            + " token's client_id.";
            case TOKEN_AUDIENCE ->
                    "The caller must ask for a token for this API, or CognitoAudiences must name an"
                            + " audience of the token. AudienceRequired=off accepts tokens without"
                            + " aud.";
            case TOKEN_EXPIRED ->
                    "The caller must get a new token. If the token was issued a moment ago,"
                            + " compare the clocks; ClockSkewSeconds allows up to 300 s.";
            case TOKEN_NOT_YET_VALID ->
                    "The caller must wait until the token is valid. If it was issued a moment ago,"
                            + " compare the clocks; ClockSkewSeconds allows up to 300 s.";
            case TOKEN_SCOPE ->
                    "The caller must ask for the missing scopes, or RequiredScopes must not"
                            + " require them.";
            case TOKEN_GROUP ->
                    "The user must be in one of RequiredGroups when the token is issued.";
            case HEADER_MISSING ->
                    "The caller must send the header with a value, or ValidatedHeaders must not"
                            + " name it.";
            case AMBIGUOUS_HEADER -> "The caller must send the header once.";
            case VALIDATION_REFUSED ->
                    "The validation service decides about these header values for this caller. Its"
                            + " team knows why, or the caller must send other values.";
            case KEYS_UNAVAILABLE ->
                    "The function must reach the issuer's JWKS. Check CognitoJwksUrl, DNS, the"
                            + " route out of the VPC, and the issuer.";
            case SERVICE_TOKEN_UNAVAILABLE ->
                    "The function must get a service token. Check ValidationServiceTokenUrl, client"
                            + " id, secret, scope, and the network.";
            case VALIDATION_UNAVAILABLE ->
                    "The validation service must answer as agreed within"
                            + " ValidationServiceTimeoutMs. Ask its team.";
            case TIME_OUT ->
                    "The services must answer sooner, or the function's time-out must be longer.";
            case EVENT_MALFORMED ->
                    "The event must be one of a REQUEST authoriser. The API must use a REQUEST"
                            + " authoriser, not TOKEN.";
            case ANSWER_TOO_LARGE ->
                    "The answer must fit into 8 KB. The validation service must send less context,"
                            + " or ContextClaims must name fewer claims.";
            case INTERNAL_ERROR -> "This is a fault of the function. Report it with the detail.";
        };
    }
}
