package authoriser.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of the validation service. */
final class ServiceDocument {
    static final Path FILE = Path.of("src/deploy/validation-service.yaml");

    private final JsonNode root;

    private ServiceDocument(JsonNode root) {
        this.root = root;
    }

    static ServiceDocument read() {
        try {
            Object yaml =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE));
            return new ServiceDocument(new ObjectMapper().valueToTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A response and its description in the document.
     *
     * @param code a status, a range such as {@code 5XX}, or {@code default}
     * @param schema the schema of its body, if it is JSON
     * @param described the extensions of the document, such as {@code x-outcome}
     */
    record Answer(
            String code,
            String name,
            String body,
            Optional<JsonNode> schema,
            JsonNode value,
            JsonNode described) {
        String outcome() {
            return described.path("x-outcome").asText();
        }

        String header(String name) {
            return described.path("x-headers").path(name).textValue();
        }

        @Override
        public String toString() {
            return code + " " + name;
        }
    }

    JsonNode root() {
        return root;
    }

    JsonNode operation() {
        return root.path("paths").path("/validate").path("post");
    }

    JsonNode schema(String name) {
        return root.path("components").path("schemas").path(name);
    }

    /** The example requests, by name. */
    List<Map.Entry<String, JsonNode>> questions() {
        List<Map.Entry<String, JsonNode>> questions = new ArrayList<>();
        operation()
                .at("/requestBody/content/application~1json/examples")
                .properties()
                .forEach(example ->
                        questions.add(
                                Map.entry(example.getKey(), example.getValue().path("value"))));
        return questions;
    }

    /** Every example response, with or without a body. */
    List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> response : operation().path("responses").properties()) {
            String code = response.getKey();
            answers.add(withoutBody(code));
            for (Map.Entry<String, JsonNode> media :
                    resolved(response.getValue()).path("content").properties()) {
                boolean json = media.getKey().equals("application/json");
                for (Map.Entry<String, JsonNode> example :
                        media.getValue().path("examples").properties()) {
                    JsonNode value = example.getValue().path("value");
                    answers.add(
                            new Answer(
                                    code,
                                    example.getKey(),
                                    json ? value.toString() : value.asText(),
                                    json
                                            ? Optional.of(media.getValue().path("schema"))
                                            : Optional.empty(),
                                    value,
                                    example.getValue()));
                }
            }
        }
        return answers;
    }

    /** The description of a response of this status without a body. */
    Answer withoutBody(int status) {
        JsonNode responses = operation().path("responses");
        String range = status / 100 + "XX";
        return withoutBody(
                responses.has(Integer.toString(status))
                        ? Integer.toString(status)
                        : responses.has(range) ? range : "default");
    }

    private Answer withoutBody(String code) {
        JsonNode response = resolved(operation().path("responses").path(code));
        return new Answer(
                code, "without a body", "", Optional.empty(), MissingNode.getInstance(), response);
    }

    private JsonNode resolved(JsonNode response) {
        return response.has("$ref")
                ? root.at(response.get("$ref").asText().substring(1))
                : response;
    }
}
