package authoriser.event;

import authoriser.json.Json;
import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;

/**
 * The event of a REQUEST authoriser in any of its four shapes, as it came.
 *
 * <p>It is the library's event by type and none of its getters is filled: most of what API Gateway
 * sends decides nothing, and what does, {@link RequestParser} reads out of the document.
 */
public final class RequestEvent extends APIGatewayCustomAuthorizerEvent {
    private static final int SELF_CHECK_LIMIT = 64;

    private final byte[] document;

    private RequestEvent(byte[] document) {
        this.document = document;
    }

    /** Takes an event over; of a stream that breaks, one on which nothing is decided. */
    public static RequestEvent read(InputStream input) {
        try {
            return new RequestEvent(input.readAllBytes());
        } catch (IOException e) {
            return new RequestEvent(new byte[0]);
        }
    }

    /**
     * Whether this is no request, but asks the function to check what it can reach: exactly {@code
     * {"selfCheck": true}}. API Gateway never sends that, because each event of its has an ARN.
     */
    public boolean asksForSelfCheck() {
        if (document.length > SELF_CHECK_LIMIT) {
            return false;
        }
        int[] others = new int[1];
        boolean[] asked = new boolean[1];
        try {
            Json.readStrictly(
                    document,
                    (name, value) -> {
                        boolean asks =
                                name.equals("selfCheck")
                                        && value.currentToken() == JsonToken.VALUE_TRUE;
                        asked[0] |= asks;
                        others[0] += asks ? 0 : 1;
                        value.skipChildren();
                    });
        } catch (IOException e) {
            return false;
        }
        return asked[0] && others[0] == 0;
    }

    byte[] document() {
        return document;
    }

    @Override
    public boolean equals(Object other) {
        return this == other; // an event is itself
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof RequestEvent;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Holds a token and header values, so says nothing. */
    @Override
    public String toString() {
        return "RequestEvent";
    }
}
