package authoriser.event;

import authoriser.json.JsonScanner;
import authoriser.json.UnexpectedJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an event, by streaming, what decisions use: type, version, ARN, API Gateway's id of
 * the request, and every value of the given headers.
 *
 * <p>Everything else is skipped. Reading ends when all needed parts of a REST or WebSocket API's
 * event were read. Only these events have {@code multiValueHeaders}, and they have no version.
 */
final class EventReader {
    /** Shorter values are cheaper to read again than to compare. */
    private static final int LONG = 200;

    private final JsonScanner event;
    private final HeaderNames names;
    private final List<Value> values = new ArrayList<>();
    private @Nullable String type;
    private @Nullable String version;
    private @Nullable String methodArn;
    private @Nullable String routeArn;
    private @Nullable String requestId;

    /** The last long value: the place of its header, and its positions in the event. */
    private int longPlace = -1;

    private int longStart;
    private int longEnd;

    private boolean headersRead;
    private boolean multiValueHeadersRead;
    private boolean requestContextRead;

    /**
     * A value of a header.
     *
     * @param place the place of the header's name among the given names
     * @param folded whether it comes from {@code headers}, in which payload 2.0 joins several
     *     values
     */
    record Value(int place, String text, boolean folded) {}

    private EventReader(byte[] event, HeaderNames names) {
        this.event = new JsonScanner(event);
        this.names = names;
    }

    /**
     * Reads an event.
     *
     * @param names the names of the headers to read
     * @throws IOException if it is not a JSON object
     */
    static EventReader read(byte[] event, HeaderNames names) throws IOException {
        EventReader reader = new EventReader(event, names);
        reader.read();
        return reader;
    }

    /** {@code type}; every REQUEST authoriser's event has one. */
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

    /** {@code requestContext.requestId}, API Gateway's id of the request. */
    @Nullable String requestId() {
        return requestId;
    }

    /** All values of the given headers, in the order of the event. */
    List<Value> values() {
        return values;
    }

    private void read() throws IOException {
        if (!event.enterObject()) {
            throw new UnexpectedJson("not an object");
        }
        while (!hasAll() && event.nextMember()) {
            switch (event.name()) {
                case "type" -> type = event.stringOrNull();
                case "version" -> version = event.stringOrNull();
                case "methodArn" -> methodArn = event.stringOrNull();
                case "routeArn" -> routeArn = event.stringOrNull();
                case "headers" -> {
                    headers();
                    headersRead = true;
                }
                case "multiValueHeaders" -> {
                    multiValueHeaders();
                    multiValueHeadersRead = true;
                }
                case "requestContext" -> {
                    requestContext();
                    requestContextRead = true;
                }
                default -> event.skip();
            }
        }
    }

    private boolean hasAll() {
        return type != null
                && methodArn != null
                && headersRead
                && multiValueHeadersRead
                && requestContextRead;
    }

    private void requestContext() throws IOException {
        if (!event.enterObject()) {
            return;
        }
        while (event.nextMember()) {
            if (event.name().equals("requestId")) {
                requestId = event.stringOrNull();
            } else {
                event.skip();
            }
        }
    }

    private void headers() throws IOException {
        if (!event.enterObject()) {
            return;
        }
        while (event.nextMember()) {
            int place = names.placeOf(event);
            if (place < 0) {
                event.skip();
            } else {
                keep(place, true);
            }
        }
    }

    private void multiValueHeaders() throws IOException {
        if (!event.enterObject()) {
            return;
        }
        while (event.nextMember()) {
            int place = names.placeOf(event);
            if (place < 0) {
                event.skip();
            } else if (event.enterArray()) {
                while (event.nextElement()) {
                    keep(place, false);
                }
            }
        }
    }

    private void keep(int place, boolean folded) throws IOException {
        int start = event.position();
        if (place == longPlace && event.skipSame(longStart, longEnd)) {
            return; // events of REST and WebSocket APIs hold every header twice
        }
        String text = event.stringOrNull();
        if (text != null) {
            values.add(new Value(place, text, folded));
            if (text.length() >= LONG) {
                longPlace = place;
                longStart = start;
                longEnd = event.position();
            }
        }
    }
}
