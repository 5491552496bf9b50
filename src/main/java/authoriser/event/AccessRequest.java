package authoriser.event;

/**
 * What is asked of the authoriser, without anything that may not decide.
 *
 * @param arn the stage of the API
 * @param credential what stands in Authorization
 * @param headers what the validation service is to judge
 */
public record AccessRequest(ExecuteApiArn arn, Credential credential, Headers headers) {}
