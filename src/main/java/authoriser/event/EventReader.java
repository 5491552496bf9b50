package authoriser.event;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an event by streaming; what cannot decide anything is skipped. */
public final class EventReader {

    private EventReader() {}

    /**
     * Reads an event; one that is not JSON as it should be becomes an event that nothing is decided
     * on.
     */
    public static RequestEvent read(InputStream input) {
        RequestEvent event = new RequestEvent();
        try (JsonParser parser = Json.parser(input)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return RequestEvent.unreadable();
            }
            Json.readMembers(parser, (name, value) -> member(event, name, value));
            return event;
        } catch (IOException e) {
            return RequestEvent.unreadable();
        }
    }

    private static void member(RequestEvent event, String name, JsonParser value)
            throws IOException {
        switch (name) {
            case "version" -> event.setVersion(text(value));
            case "methodArn" -> event.setMethodArn(text(value));
            case "routeArn" -> event.setRouteArn(text(value));
            case "headers" -> event.setHeaders(headers(value));
            case "multiValueHeaders" -> event.setMultiValueHeaders(multiValueHeaders(value));
            default -> value.skipChildren();
        }
    }

    private static @Nullable String text(JsonParser value) throws IOException {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
            return value.getText();
        }
        value.skipChildren();
        return null;
    }

    private static Map<String, String> headers(JsonParser value) throws IOException {
        Map<String, String> headers = new HashMap<>();
        if (value.currentToken() == JsonToken.START_OBJECT) {
            Json.readMembers(
                    value,
                    (name, member) -> {
                        String text = text(member);
                        if (text != null) {
                            headers.put(name, text);
                        }
                    });
        } else {
            value.skipChildren();
        }
        return headers;
    }

    private static Map<String, List<String>> multiValueHeaders(JsonParser value)
            throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        if (value.currentToken() == JsonToken.START_OBJECT) {
            Json.readMembers(value, (name, member) -> headers.put(name, texts(member)));
        } else {
            value.skipChildren();
        }
        return headers;
    }

    private static List<String> texts(JsonParser value) throws IOException {
        List<String> texts = new ArrayList<>(1);
        if (value.currentToken() == JsonToken.START_ARRAY) {
            while (value.nextToken() != JsonToken.END_ARRAY) {
                String text = text(value);
                if (text != null) {
                    texts.add(text);
                }
            }
        } else {
            value.skipChildren();
        }
        return texts;
    }
}
