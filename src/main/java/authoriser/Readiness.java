package authoriser;

import authoriser.json.Json;
import authoriser.json.JsonDocument;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * What the function could reach of the services that decisions need. An empty problem means that a
 * service was reached.
 *
 * @param keys the problem with each issuer's keys, by issuer
 * @param serviceToken the problem with a token for the validation service
 * @param connection the problem with a connection to the validation service
 */
record Readiness(
        Map<String, Optional<String>> keys,
        Optional<String> serviceToken,
        Optional<String> connection) {

    /** Whether everything was reached. */
    boolean complete() {
        boolean complete = serviceToken.isEmpty() && connection.isEmpty();
        for (Optional<String> problem : keys.values()) {
            complete &= problem.isEmpty();
        }
        return complete;
    }

    /**
     * Writes this as a JSON object on one line.
     *
     * @param title the name of the first member, whose value is {@code ok} or {@code failed}
     */
    JsonDocument written(String title) {
        ByteArrayOutputStream output = new ByteArrayOutputStream(512);
        try (JsonGenerator json = Json.generator(output)) {
            json.writeStartObject();
            json.writeStringField(title, complete() ? "ok" : "failed");
            json.writeFieldName("keys");
            json.writeStartArray();
            for (Map.Entry<String, Optional<String>> issuer : keys.entrySet()) {
                json.writeStartObject();
                json.writeStringField("issuer", issuer.getKey());
                writeProblem(json, issuer.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeFieldName("serviceToken");
            json.writeStartObject();
            writeProblem(json, serviceToken);
            json.writeEndObject();
            json.writeFieldName("connection");
            json.writeStartObject();
            writeProblem(json, connection);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory does not fail
        }
        return new JsonDocument(output);
    }

    private static void writeProblem(JsonGenerator json, Optional<String> problem)
            throws IOException {
        json.writeBooleanField("ok", problem.isEmpty());
        json.writeStringField("detail", problem.orElse(""));
    }
}
