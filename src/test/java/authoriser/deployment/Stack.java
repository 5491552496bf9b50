package authoriser.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The result of a template.
 *
 * @param problems why CloudFormation would refuse the parameters. Empty if it accepts them
 * @param resources the resources, by logical id, with every function evaluated. A reference gives
 *     the logical id, and an attribute gives {@code LogicalId.Attribute}
 */
record Stack(
        List<String> problems, Map<String, Resource> resources, Map<String, JsonNode> outputs) {

    record Resource(String type, JsonNode properties) {
        /** A property by JSON pointer. */
        JsonNode at(String pointer) {
            JsonNode value = properties.at(pointer);
            if (value.isMissingNode()) {
                throw new AssertionError("no " + pointer + " in " + properties);
            }
            return value;
        }

        boolean has(String pointer) {
            return !properties.at(pointer).isMissingNode();
        }
    }

    Resource resource(String id) {
        if (!resources.containsKey(id)) {
            throw new AssertionError("no " + id + " among " + resources.keySet());
        }
        return resources.get(id);
    }

    List<Resource> ofType(String type) {
        return resources.values().stream().filter(r -> r.type().equals(type)).toList();
    }
}
