package authoriser.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The event that the options ask for. */
final class ExplainedEvent {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STAGE = "arn:aws:execute-api:eu-west-1:123456789012:explained/test";

    private ExplainedEvent() {}

    /** The bytes of the event: unchanged where no option changes it. */
    static byte[] of(Options options) throws Options.Unusable {
        if (options.event().isPresent()
                && options.token().isEmpty()
                && options.headers().isEmpty()) {
            return options.event().get();
        }
        ObjectNode event =
                options.event().isPresent() ? read(options.event().get()) : made(options);
        options.token().ifPresent(token -> put(event, "Authorization", "Bearer " + token));
        for (Map.Entry<String, String> header : options.headers()) {
            put(event, header.getKey(), header.getValue());
        }
        try {
            return MAPPER.writeValueAsBytes(event);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The ARN of the request in an event; empty text if there is none. */
    static String arn(byte[] event) {
        try {
            JsonNode root = MAPPER.readTree(event);
            return root.path("routeArn").asText(root.path("methodArn").asText(""));
        } catch (IOException e) {
            return "";
        }
    }

    private static ObjectNode read(byte[] json) throws Options.Unusable {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode event) {
                return event;
            }
        } catch (IOException e) {
            // the same as another JSON value
        }
        throw new Options.Unusable("the event is not a JSON object");
    }

    private static ObjectNode made(Options options) {
        ObjectNode event = MAPPER.createObjectNode();
        event.put("type", "REQUEST");
        event.put("methodArn", STAGE + "/" + options.method() + options.path());
        event.putObject("headers");
        event.putObject("multiValueHeaders");
        return event;
    }

    /** Replaces a header, whatever the case of its name. */
    private static void put(ObjectNode event, String name, String value) {
        if (event.path("headers") instanceof ObjectNode headers) {
            headers.remove(names(headers, name));
            headers.put(name, value);
        }
        if (event.path("multiValueHeaders") instanceof ObjectNode headers) {
            headers.remove(names(headers, name));
            headers.putArray(name).add(value);
        }
    }

    private static List<String> names(ObjectNode headers, String name) {
        return headers.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name::equalsIgnoreCase)
                .toList();
    }
}
