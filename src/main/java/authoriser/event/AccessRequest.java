package authoriser.event;

import java.util.Optional;

/**
 * A request to decide on: the data that decisions use, and two ids for the logs.
 *
 * @param arn the stage of the API
 * @param credential the content of the Authorization header
 * @param headers the headers that the validation service checks
 * @param traceparent the caller's {@code traceparent} header (W3C Trace Context) if it is
 *     well-formed; no decision uses it
 * @param apiRequestId API Gateway's id of the request, which callers see; no decision uses it
 */
public record AccessRequest(
        ExecuteApiArn arn,
        Credential credential,
        Headers headers,
        Optional<String> traceparent,
        Optional<String> apiRequestId) {

    /** A request with neither trace nor id. */
    public AccessRequest(ExecuteApiArn arn, Credential credential, Headers headers) {
        this(arn, credential, headers, Optional.empty(), Optional.empty());
    }
}
