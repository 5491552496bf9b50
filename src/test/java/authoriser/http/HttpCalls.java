package authoriser.http;

/** Shows tests of other packages where a request goes. */
public final class HttpCalls {
    private HttpCalls() {}

    /** The endpoint of a request. */
    public static Endpoint endpointOf(HttpCall call) {
        return call.endpoint();
    }
}
