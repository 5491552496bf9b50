package authoriser.event;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads out of an event, by streaming, what can decide something: version, ARN, and every value of
 * the headers that it is told the names of.
 *
 * <p>All else is skipped without being looked at, and so is what stands behind {@code
 * multiValueHeaders}: only REST and WebSocket APIs' events have them, and those have no version.
 */
final class EventReader {
    private final HeaderNames names;
    private final List<Value> values = new ArrayList<>();
    private @Nullable String version;
    private @Nullable String methodArn;
    private @Nullable String routeArn;
    private boolean headersRead;
    private boolean multiValueHeadersRead;

    /**
     * A value of a header.
     *
     * @param place the name's among the names asked for
     * @param folded whether it stood in {@code headers}, where payload 2.0 folds several into one
     */
    record Value(int place, String text, boolean folded) {}

    private EventReader(HeaderNames names) {
        this.names = names;
    }

    /**
     * Reads an event.
     *
     * @param names of the headers wanted
     * @throws IOException if it is not a JSON object
     */
    static EventReader read(byte[] event, HeaderNames names) throws IOException {
        EventReader reader = new EventReader(names);
        Json.read(event, reader::member, reader::hasAll);
        return reader;
    }

    /** {@code version}; REST and WebSocket APIs' events have none. */
    @Nullable String version() {
        return version;
    }

    /** {@code methodArn}, the ARN of the request. */
    @Nullable String methodArn() {
        return methodArn;
    }

    /** {@code routeArn}, the ARN of the request in payload 2.0. */
    @Nullable String routeArn() {
        return routeArn;
    }

    /** All values of the headers wanted, in the order of the event. */
    List<Value> values() {
        return values;
    }

    private boolean hasAll() {
        return methodArn != null && headersRead && multiValueHeadersRead;
    }

    private void member(String name, JsonParser value) throws IOException {
        switch (name) {
            case "version" -> version = text(value);
            case "methodArn" -> methodArn = text(value);
            case "routeArn" -> routeArn = text(value);
            case "headers" -> {
                headers(value, true);
                headersRead = true;
            }
            case "multiValueHeaders" -> {
                headers(value, false);
                multiValueHeadersRead = true;
            }
            default -> value.skipChildren();
        }
    }

    private void headers(JsonParser value, boolean folded) throws IOException {
        if (value.currentToken() != JsonToken.START_OBJECT) {
            value.skipChildren();
            return;
        }
        Json.readMembers(
                value,
                (name, member) -> {
                    int place = names.placeOf(name);
                    if (place < 0) {
                        member.skipChildren();
                    } else if (folded) {
                        keep(place, member, true);
                    } else {
                        keepEach(place, member);
                    }
                });
    }

    private void keepEach(int place, JsonParser value) throws IOException {
        if (value.currentToken() == JsonToken.START_ARRAY) {
            while (value.nextToken() != JsonToken.END_ARRAY) {
                keep(place, value, false);
            }
        } else {
            value.skipChildren();
        }
    }

    private void keep(int place, JsonParser value, boolean folded) throws IOException {
        String text = text(value);
        if (text != null) {
            values.add(new Value(place, text, folded));
        }
    }

    private static @Nullable String text(JsonParser value) throws IOException {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
            return value.getText();
        }
        value.skipChildren();
        return null;
    }
}
