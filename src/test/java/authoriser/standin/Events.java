package authoriser.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The sample events under {@code src/test/resources/events}, with a token put in and, where a test
 * wants it, changed.
 *
 * <p>All carry {@code X-Tenant-Id: acme} and {@code X-Channel: web} unless their file's name says
 * otherwise. The files are what {@code sam local invoke -e} takes, once the placeholder is replaced
 * by hand.
 */
public final class Events {
    /** Stands in the files where the token belongs. */
    private static final String PLACEHOLDER = "REPLACE_WITH_ACCESS_TOKEN";

    private Events() {}

    /** A REST API's event, with headers as name, value, name, value. */
    public static byte[] rest(String token, String... headers) {
        return rest(token, headers(headers));
    }

    public static byte[] rest(String token, UnaryOperator<ObjectNode> change) {
        return file("rest", token, change);
    }

    /** An HTTP API's event in payload format 1.0, with headers as name, value, name, value. */
    public static byte[] httpV1(String token, String... headers) {
        return httpV1(token, headers(headers));
    }

    public static byte[] httpV1(String token, UnaryOperator<ObjectNode> change) {
        return file("http-v1", token, change);
    }

    /** An HTTP API's event in payload format 2.0, with headers as name, value, name, value. */
    public static byte[] httpV2(String token, String... headers) {
        return httpV2(token, headers(headers));
    }

    public static byte[] httpV2(String token, UnaryOperator<ObjectNode> change) {
        return file("http-v2", token, change);
    }

    /** A WebSocket API's event at {@code $connect}, with headers as name, value, name, value. */
    public static byte[] websocket(String token, String... headers) {
        return websocket(token, headers(headers));
    }

    public static byte[] websocket(String token, UnaryOperator<ObjectNode> change) {
        return file("websocket-connect", token, change);
    }

    /** Any of the sample events by the name of its file, without {@code .json}. */
    public static byte[] file(String name, String token) {
        return file(name, token, UnaryOperator.identity());
    }

    public static byte[] file(String name, String token, UnaryOperator<ObjectNode> change) {
        String quoted = TestJson.text(token);
        String inQuotes = quoted.substring(1, quoted.length() - 1);
        String event = text(name).replace(PLACEHOLDER, inQuotes);
        ObjectNode tree = (ObjectNode) TestJson.read(event.getBytes(StandardCharsets.UTF_8));
        return TestJson.bytes(change.apply(tree));
    }

    /**
     * A change that sets a header the way each kind of API tells of it: the last value in {@code
     * headers} and all of them in {@code multiValueHeaders}, or, in payload format 2.0, lower case
     * and joined with commas.
     */
    public static UnaryOperator<ObjectNode> header(String name, String... values) {
        return event -> {
            withoutHeader(name).apply(event);
            if (event.path("version").asText().equals("2.0")) {
                event.withObjectProperty("headers")
                        .put(name.toLowerCase(Locale.ROOT), String.join(",", values));
                return event;
            }
            event.withObjectProperty("headers").put(name, values[values.length - 1]);
            if (event.has("multiValueHeaders")) {
                var all = event.withObjectProperty("multiValueHeaders").putArray(name);
                List.of(values).forEach(all::add);
            }
            return event;
        };
    }

    /** A change that takes a header away, however it is spelt. */
    public static UnaryOperator<ObjectNode> withoutHeader(String name) {
        return event -> {
            for (String holder : List.of("headers", "multiValueHeaders")) {
                if (event.get(holder) instanceof ObjectNode headers) {
                    List<String> spellings =
                            headers.propertyStream()
                                    .map(Map.Entry::getKey)
                                    .filter(name::equalsIgnoreCase)
                                    .toList();
                    headers.remove(spellings);
                }
            }
            return event;
        };
    }

    private static UnaryOperator<ObjectNode> headers(String... namesAndValues) {
        return event -> {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                header(namesAndValues[i], namesAndValues[i + 1]).apply(event);
            }
            return event;
        };
    }

    private static String text(String name) {
        try (InputStream in = Events.class.getResourceAsStream("/events/" + name + ".json")) {
            if (in == null) {
                throw new IllegalArgumentException("No sample event " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Sample event " + name + " can't be read", e);
        }
    }
}
