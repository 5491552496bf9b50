package authoriser.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The permissions that the handlers of CloudFormation need for a deployment, by resource type. They
 * are from the resource schemas of CloudFormation. The file names the copy of the schemas.
 */
record HandlerPermissions(JsonNode types) {

    /** A resource type, and its handlers that need a permission. */
    record Need(String type, Set<String> handlers) implements Comparable<Need> {
        @Override
        public int compareTo(Need other) {
            return type.compareTo(other.type);
        }

        @Override
        public String toString() {
            return type.substring("AWS::".length()) + " " + String.join(", ", handlers);
        }
    }

    static HandlerPermissions read() throws IOException {
        Path file = Path.of("src/test/resources/deployment/handler-permissions.json");
        return new HandlerPermissions(
                new ObjectMapper().readTree(Files.readString(file)).path("types"));
    }

    /** All permissions that the handlers of a type need. */
    Set<String> actions(String type) {
        if (!types.has(type)) {
            throw new IllegalStateException("the permissions of " + type + " are not known");
        }
        Set<String> actions = new TreeSet<>();
        for (JsonNode handler : types.path(type).path("handlers")) {
            handler.forEach(action -> actions.add(action.asText()));
        }
        return actions;
    }

    Need need(String type, String action) {
        Set<String> asking = new TreeSet<>();
        types.path(type)
                .path("handlers")
                .properties()
                .forEach(handler ->
                        handler.getValue()
                                .forEach(one -> {
                                    if (one.asText().equals(action)) {
                                        asking.add(handler.getKey());
                                    }
                                }));
        return new Need(type, asking);
    }
}
