package authoriser.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What API Gateway itself answers when it doesn't ask the backend, with the bodies and headers that
 * {@code template.yaml} sets for each of these response types.
 */
enum GatewayResponse {
    /**
     * An identity source is missing, or the authoriser failed with exactly {@code Unauthorized}.
     */
    UNAUTHORIZED(
            401,
            "UnauthorizedException",
            "{\"message\":\"Unauthorized\",\"requestId\":\"$context.requestId\"}"),

    /** The policy denies, or no statement allows. */
    ACCESS_DENIED(
            403,
            "AccessDeniedException",
            "{\"message\":\"$context.authorizer.message\","
                    + "\"reason\":\"$context.authorizer.reason\","
                    + "\"error\":$context.error.messageString,"
                    + "\"requestId\":\"$context.requestId\"}"),

    /** The authoriser failed or did not answer in time. */
    AUTHORIZER_FAILURE(
            500,
            "AuthorizerFailureException",
            "{\"message\":\"The request could not be authorised\","
                    + "\"requestId\":\"$context.requestId\"}"),

    /** The authoriser's answer is not one that API Gateway can apply. */
    AUTHORIZER_CONFIGURATION_ERROR(
            500,
            "AuthorizerConfigurationException",
            "{\"message\":\"The request could not be authorised\","
                    + "\"requestId\":\"$context.requestId\"}");

    private static final Pattern VARIABLE =
            Pattern.compile(
                    "\\$context\\.(requestId|error\\.messageString|authorizer\\.([A-Za-z]+))");

    private final int status;
    private final String errorType;
    private final String template;

    GatewayResponse(int status, String errorType, String template) {
        this.status = status;
        this.errorType = errorType;
        this.template = template;
    }

    int status() {
        return status;
    }

    String template() {
        return template;
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Access-Control-Allow-Origin", "*");
        headers.put("x-amzn-ErrorType", errorType);
        if (status != 500) {
            headers.put("Access-Control-Expose-Headers", "WWW-Authenticate");
            headers.put("WWW-Authenticate", "Bearer realm=\"api\"");
        }
        return headers;
    }

    /**
     * Fills the template; what the authoriser's context doesn't hold becomes an empty string.
     *
     * @param error API Gateway's own words
     */
    String body(String requestId, Map<String, String> context, String error) {
        return VARIABLE.matcher(template)
                .replaceAll(variable ->
                        Matcher.quoteReplacement(
                                switch (variable.group(1)) {
                                    case "requestId" -> requestId;
                                    case "error.messageString" -> '"' + error + '"';
                                    default -> context.getOrDefault(variable.group(2), "");
                                }));
    }
}
