package authoriser.event;

import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event of a REQUEST authoriser in any of its four shapes: what the library's class has, and
 * what it lacks.
 *
 * <p>Only what can decide something is read: {@code version}, the ARN, and the headers.
 */
public final class RequestEvent extends APIGatewayCustomAuthorizerEvent {
    private @Nullable String routeArn;
    private Map<String, List<String>> multiValueHeaders = Map.of();
    private boolean readable = true;

    /** An event with nothing in it yet. */
    public RequestEvent() {}

    /** What stands for an event that could not be read. */
    static RequestEvent unreadable() {
        RequestEvent event = new RequestEvent();
        event.readable = false;
        return event;
    }

    /** Whether it is an event at all. */
    boolean readable() {
        return readable;
    }

    /** The ARN of the request in payload 2.0, where {@code methodArn} is absent. */
    public @Nullable String getRouteArn() {
        return routeArn;
    }

    public void setRouteArn(@Nullable String routeArn) {
        this.routeArn = routeArn;
    }

    /** Every value of every header, where API Gateway tells them (REST and WebSocket APIs). */
    public Map<String, List<String>> getMultiValueHeaders() {
        return multiValueHeaders;
    }

    public void setMultiValueHeaders(Map<String, List<String>> multiValueHeaders) {
        this.multiValueHeaders = multiValueHeaders;
    }

    @Override
    public boolean equals(Object other) {
        return this == other; // an event is itself; its parent would compare tokens
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
