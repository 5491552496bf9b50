package authoriser.reason;

/**
 * The reason for a decision: a stable code for programs and a fixed sentence for people.
 *
 * <p>Callers see the sentences, so none holds a value of the request, a key id or a URL.
 */
public enum Reason {
    ALLOWED("allowed", "The request is allowed."),

    TOKEN_MISSING("token_missing", "The request has no bearer token in its Authorization header."),
    TOKEN_MALFORMED("token_malformed", "The bearer token is not a well-formed access token."),
    TOKEN_ALGORITHM("token_algorithm", "The token is not signed with RS256."),
    TOKEN_KEY_UNKNOWN(
            "token_key_unknown",
            "The token is signed with a key that its issuer does not publish."),
    TOKEN_SIGNATURE("token_signature", "The token's signature is not valid."),
    TOKEN_ISSUER("token_issuer", "The token comes from an issuer that is not accepted here."),
    TOKEN_USE("token_use", "The token is not an access token for use as a bearer token."),
    TOKEN_CLIENT(
            "token_client", "The token was issued to an app client that is not accepted here."),
    TOKEN_AUDIENCE("token_audience", "The token was issued for another API."),
    TOKEN_EXPIRED("token_expired", "The token has expired."),
    TOKEN_NOT_YET_VALID("token_not_yet_valid", "The token is not valid yet."),
    TOKEN_SCOPE("token_scope", "The token lacks a scope that this API requires."),
    TOKEN_GROUP("token_group", "The token lacks a group that this API requires."),

    HEADER_MISSING("header_missing", "The request lacks a header that this API requires."),
    AMBIGUOUS_HEADER(
            "ambiguous_header",
            "The request has several different values for a header that may have only one."),
    VALIDATION_REFUSED("validation_refused", "The validation service refused the request."),

    KEYS_UNAVAILABLE("keys_unavailable", "The issuer's keys could not be fetched."),
    SERVICE_TOKEN_UNAVAILABLE(
            "service_token_unavailable", "No token for the validation service could be obtained."),
    VALIDATION_UNAVAILABLE(
            "validation_unavailable", "The validation service gave no usable answer."),
    TIME_OUT("time_out", "The invocation's time ran out."),
    EVENT_MALFORMED(
            "event_malformed", "The event is not one of an API Gateway REQUEST authoriser."),
    ANSWER_TOO_LARGE("answer_too_large", "The answer is too large for API Gateway."),
    INTERNAL_ERROR("internal_error", "The authoriser failed.");

    private final String code;
    private final String message;

    Reason(String code, String message) {
        this.code = code;
        this.message = message;
    }

    /** The stable code, such as {@code token_expired}. */
    public String code() {
        return code;
    }

    /**
     * Whether the same token can be accepted later: when its time has come, or when the key set,
     * whose keys may change at any time, is fetched again. API Gateway must not cache such a
     * refusal.
     */
    public boolean temporary() {
        return this == TOKEN_KEY_UNKNOWN || this == TOKEN_NOT_YET_VALID;
    }

    /** A sentence that is safe to show to callers. */
    public String message() {
        return message;
    }
}
