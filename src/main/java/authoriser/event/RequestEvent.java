package authoriser.event;

import authoriser.json.Json;
import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;

/**
 * The event of a REQUEST authoriser, of any of the four kinds, as the bytes received.
 *
 * <p>It has the library's type, but its getters return nothing: {@link RequestParser} reads the few
 * values that decisions use from the bytes.
 */
public final class RequestEvent extends APIGatewayCustomAuthorizerEvent {
    private static final int SELF_CHECK_LIMIT = 64;

    private final byte[] document;

    private RequestEvent(byte[] document) {
        this.document = document;
    }

    /** Reads an event. A stream that breaks gives an empty event, which is malformed. */
    public static RequestEvent read(InputStream input) {
        try {
            return new RequestEvent(input.readAllBytes());
        } catch (IOException e) {
            return new RequestEvent(new byte[0]);
        }
    }

    /**
     * Whether this event asks the function to check what it can reach: exactly {@code {"selfCheck":
     * true}}. API Gateway never sends that, because each of its events has an ARN.
     */
    public boolean asksForSelfCheck() {
        if (document.length > SELF_CHECK_LIMIT) {
            return false;
        }
        boolean[] others = new boolean[1];
        boolean[] asked = new boolean[1];
        try {
            Json.readStrictly(
                    document,
                    (name, value) -> {
                        boolean asks =
                                name.equals("selfCheck")
                                        && value.currentToken() == JsonToken.VALUE_TRUE;
                        asked[0] |= asks;
                        others[0] |= !asks;
                        value.skipChildren();
                    });
        } catch (IOException e) {
            return false;
        }
        return asked[0] && !others[0];
    }

    byte[] document() {
        return document;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    /** No event of the library is equal to this one. */
    @Override
    protected boolean canEqual(Object other) {
        return false;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Shows no content, because an event holds a token and header values. */
    @Override
    public String toString() {
        return "RequestEvent";
    }
}
