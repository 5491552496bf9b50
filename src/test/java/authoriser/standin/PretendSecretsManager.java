package authoriser.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * AWS Secrets Manager with one secret and one operation, GetSecretValue, over AWS JSON 1.1;
 * signatures are not checked.
 */
public final class PretendSecretsManager implements AutoCloseable {
    public static final String NAME = "authoriser/validation-client";
    public static final String ARN =
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:" + NAME + "-a1b2c3";

    private final StandInEndpoint secretValue = new StandInEndpoint(this::answer);
    private final LoopbackServer server;
    private volatile String secretString;

    private PretendSecretsManager(
            String secretString,
            Function<Function<ReceivedRequest, StandInReply>, LoopbackServer> start) {
        this.secretString = secretString;
        this.server = start.apply(LoopbackServer.routes(Map.of("/", secretValue)));
    }

    /** Starts with the secret's text: a plain string, or JSON. */
    public static PretendSecretsManager start(String secretString) {
        return new PretendSecretsManager(secretString, answers -> LoopbackServer.http(0, answers));
    }

    /** The same over TLS. */
    public static PretendSecretsManager start(Certificates certificates, String secretString) {
        return new PretendSecretsManager(
                secretString,
                answers -> LoopbackServer.https(0, certificates.serverContext(), answers));
    }

    /** The value for {@code AWS_ENDPOINT_URL_SECRETS_MANAGER}. */
    public String url() {
        return server.url();
    }

    /** Replaces the secret, as a rotation does. */
    public void secretString(String replacement) {
        secretString = replacement;
    }

    public StandInEndpoint secretValue() {
        return secretValue;
    }

    public int calls() {
        return secretValue.calls();
    }

    @Override
    public void close() {
        server.close();
    }

    private StandInReply answer(ReceivedRequest request) {
        String target = request.header("X-Amz-Target").orElse("");
        if (!target.equals("secretsmanager.GetSecretValue")) {
            return error("InvalidAction", "No such operation here");
        }
        JsonNode id = request.json().path("SecretId");
        if (!List.of(ARN, NAME).contains(id.asText())) {
            return error("ResourceNotFoundException", "No such secret here");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ARN", ARN);
        answer.put("Name", NAME);
        answer.put("VersionId", "5f0c7a52-6d1b-4c8e-9a3f-2b1d0e9c8a77");
        answer.put("SecretString", secretString);
        answer.put("VersionStages", List.of("AWSCURRENT"));
        answer.put("CreatedDate", 1.7671104E9);
        return amazonJson(200, answer);
    }

    private static StandInReply error(String type, String message) {
        return amazonJson(400, Map.of("__type", type, "Message", message));
    }

    private static StandInReply amazonJson(int status, Map<String, ?> body) {
        return StandInReply.of(
                status, Map.of("Content-Type", "application/x-amz-json-1.1"), TestJson.bytes(body));
    }
}
