package authoriser.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads environment variables from JSON: the answer of {@code aws lambda
 * get-function-configuration} or {@code get-function}, a file of {@code sam local --env-vars}, or
 * one object of names and values.
 */
final class SettingsFile {
    private SettingsFile() {}

    /**
     * Reads the variables.
     *
     * @throws IOException if the text is in none of these forms; the message repeats no value
     */
    static Map<String, String> read(byte[] json) throws IOException {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new IOException("the settings are not JSON");
        }
        JsonNode variables = variables(root);
        Map<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> variable : variables.properties()) {
            if (variable.getValue().isContainerNode()) {
                throw new IOException(
                        "the settings have no string for " + Shown.text(variable.getKey()));
            }
            settings.put(variable.getKey(), variable.getValue().asText());
        }
        if (settings.isEmpty()) {
            throw new IOException("the settings hold no variable");
        }
        return settings;
    }

    private static JsonNode variables(JsonNode root) {
        JsonNode function = root.has("Configuration") ? root.path("Configuration") : root;
        JsonNode environment = function.path("Environment").path("Variables");
        if (environment.isObject()) {
            return environment;
        }
        boolean sam = root.size() == 1 && root.iterator().next().isObject();
        return sam ? root.iterator().next() : root;
    }
}
