package authoriser.event;

import java.util.Optional;

/**
 * What is asked of the authoriser: what may decide, and two ids for the logs.
 *
 * @param arn the stage of the API
 * @param credential what stands in Authorization
 * @param headers what the validation service is to judge
 * @param traceparent the caller's trace, where its header is well-formed (W3C Trace Context); it
 *     decides nothing
 * @param apiRequestId API Gateway's id of the request, which callers see; it decides nothing
 */
public record AccessRequest(
        ExecuteApiArn arn,
        Credential credential,
        Headers headers,
        Optional<String> traceparent,
        Optional<String> apiRequestId) {

    /** A request without a trace and an id. */
    public AccessRequest(ExecuteApiArn arn, Credential credential, Headers headers) {
        this(arn, credential, headers, Optional.empty(), Optional.empty());
    }
}
