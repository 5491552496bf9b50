package authoriser.local;

import authoriser.standin.PolicyEvaluator;
import authoriser.standin.PolicyEvaluator.InvalidPolicy;
import authoriser.standin.PolicyEvaluator.Verdict;
import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What an authoriser returned, read as strictly as API Gateway reads it. */
record AuthoriserAnswer(
        String principalId,
        JsonNode policyDocument,
        Map<String, String> context,
        Optional<String> usageIdentifierKey) {
    /**
     * Reads an answer.
     *
     * @throws InvalidPolicy where API Gateway would report an authoriser configuration error
     */
    static AuthoriserAnswer parse(byte[] json) {
        JsonNode answer = object(json);
        String principalId = answer.path("principalId").asText();
        if (principalId.isEmpty() || !answer.path("policyDocument").isObject()) {
            throw new InvalidPolicy("principalId or policyDocument is missing");
        }
        JsonNode values = answer.path("context");
        if (!values.isObject() && !values.isMissingNode() && !values.isNull()) {
            throw new InvalidPolicy("context is no object");
        }
        // Numbers and booleans arrive at the backend as strings
        Map<String, String> context = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : values.properties()) {
            JsonNode value = entry.getValue();
            if (!value.isValueNode() || value.isNull()) {
                throw new InvalidPolicy("context." + entry.getKey() + " is no simple value");
            }
            context.put(entry.getKey(), value.asText());
        }
        return new AuthoriserAnswer(
                principalId,
                answer.get("policyDocument"),
                context,
                Optional.ofNullable(answer.path("usageIdentifierKey").textValue()));
    }

    private static JsonNode object(byte[] json) {
        try {
            JsonNode answer = TestJson.read(json);
            if (!answer.isObject()) {
                throw new InvalidPolicy("it is no JSON object");
            }
            return answer;
        } catch (UncheckedIOException e) {
            throw new InvalidPolicy("it is not JSON");
        }
    }

    /** Applies the policy to one request, be the answer new or from the cache. */
    Verdict verdict(String methodArn, Instant now) {
        return PolicyEvaluator.evaluate(policyDocument, methodArn, now);
    }
}
