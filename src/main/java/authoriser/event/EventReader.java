package authoriser.event;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads out of an event, by streaming, what can decide something: type, version, ARN, and every
 * value of the headers that it is told the names of.
 *
 * <p>All else is skipped without being looked at, and so is what stands behind {@code
 * multiValueHeaders}: only REST and WebSocket APIs' events have them, and those have no version.
 */
final class EventReader {
    /** A value shorter than this is sooner read than found to be there already. */
    private static final int LONG = 200;

    private final byte[] event;
    private final HeaderNames names;
    private final List<Value> values = new ArrayList<>();
    private @Nullable String type;
    private @Nullable String version;
    private @Nullable String methodArn;
    private @Nullable String routeArn;

    /** The last long value: whose it is, and where it stands in the event, with its quotes. */
    private int longPlace = -1;

    private int longStart;
    private int longEnd;

    private boolean headersRead;
    private boolean multiValueHeadersRead;

    /**
     * A value of a header.
     *
     * @param place the name's among the names asked for
     * @param folded whether it stood in {@code headers}, where payload 2.0 folds several into one
     */
    record Value(int place, String text, boolean folded) {}

    private EventReader(byte[] event, HeaderNames names) {
        this.event = event;
        this.names = names;
    }

    /**
     * Reads an event.
     *
     * @param names of the headers wanted
     * @throws IOException if it is not a JSON object
     */
    static EventReader read(byte[] event, HeaderNames names) throws IOException {
        EventReader reader = new EventReader(event, names);
        Json.read(event, reader::member, reader::hasAll);
        return reader;
    }

    /** {@code type}; every event of a REQUEST authoriser has one. */
    @Nullable String type() {
        return type;
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
        return type != null && methodArn != null && headersRead && multiValueHeadersRead;
    }

    private void member(String name, JsonParser value) throws IOException {
        switch (name) {
            case "type" -> type = Json.stringOrNull(value);
            case "version" -> version = Json.stringOrNull(value);
            case "methodArn" -> methodArn = Json.stringOrNull(value);
            case "routeArn" -> routeArn = Json.stringOrNull(value);
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
        if (place == longPlace && isLongValueAgain(value)) {
            return;
        }
        String text = Json.stringOrNull(value);
        if (text != null) {
            values.add(new Value(place, text, folded));
            if (text.length() >= LONG) {
                rememberLongValue(place, value);
            }
        }
    }

    private void rememberLongValue(int place, JsonParser value) {
        int start = (int) value.currentTokenLocation().getByteOffset();
        int end = (int) value.currentLocation().getByteOffset();
        // where the parser does not count as the event does, such as behind a byte order mark
        boolean sure = event[0] == '{' && start > 0 && event[start] == '"' && event[end - 1] == '"';
        longPlace = sure ? place : -1;
        longStart = start;
        longEnd = end;
    }

    /**
     * Whether the value that comes is, byte by byte, the long one kept already: REST and WebSocket
     * APIs' events hold each token twice. If so, it can be left unread.
     */
    private boolean isLongValueAgain(JsonParser value) {
        int start = (int) value.currentTokenLocation().getByteOffset();
        int end = start + longEnd - longStart;
        return value.currentToken() == JsonToken.VALUE_STRING
                && start > 0
                && end <= event.length
                && Arrays.equals(event, start, end, event, longStart, longEnd);
    }
}
