package authoriser.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP/1.1 request, as the bytes that are sent (RFC 9112).
 *
 * <p>{@link #toString} shows the host only, because a request carries tokens and secrets.
 */
public final class HttpCall {
    private static final byte[] NOTHING = {};

    private final Endpoint endpoint;
    private final boolean keepAlive;
    private final byte[] message;

    private HttpCall(Endpoint endpoint, boolean keepAlive, byte[] message) {
        this.endpoint = endpoint;
        this.keepAlive = keepAlive;
        this.message = message;
    }

    /**
     * A GET over a connection that is closed after the answer.
     *
     * @param accept the media types that are accepted (RFC 9110 section 12.5.1)
     */
    public static HttpCall getOnce(Endpoint endpoint, String accept) {
        return Head.of("GET", endpoint, false, accept).call();
    }

    /** The head of a POST over a connection that is closed after the answer. */
    public static Head postOnce(Endpoint endpoint) {
        return Head.of("POST", endpoint, false, "application/json");
    }

    /** The head of a POST over a connection that is kept alive. */
    public static Head post(Endpoint endpoint) {
        return Head.of("POST", endpoint, true, "application/json");
    }

    /** The request target: path and query. */
    public String target() {
        return endpoint.target();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    byte[] message() {
        return message;
    }

    @Override
    public String toString() {
        return "HttpCall[" + endpoint.origin().authority() + "]";
    }

    /** The request line and some headers. It never changes: each added header makes another one. */
    public static final class Head {
        private final Endpoint endpoint;
        private final boolean keepAlive;
        private final byte[] text;

        private Head(Endpoint endpoint, boolean keepAlive, byte[] text) {
            this.endpoint = endpoint;
            this.keepAlive = keepAlive;
            this.text = text;
        }

        private static Head of(String method, Endpoint endpoint, boolean keepAlive, String accept) {
            String line = method + " " + endpoint.target() + " HTTP/1.1\r\n";
            Head head =
                    new Head(endpoint, keepAlive, line.getBytes(StandardCharsets.ISO_8859_1))
                            .header("Host", endpoint.origin().authority())
                            .header("Accept", accept)
                            .header("Accept-Encoding", "identity")
                            .header("User-Agent", "cognito-request-authoriser");
            return keepAlive ? head : head.header("Connection", "close");
        }

        /**
         * Adds a header.
         *
         * @throws IllegalArgumentException if the value could end the header; the message repeats
         *     neither name nor value
         */
        public Head header(String name, String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c < 0x20 || c > 0x7e) {
                    throw new IllegalArgumentException(
                            "a header value holds a character that HTTP does not allow");
                }
            }
            return new Head(endpoint, keepAlive, with(name + ": " + value + "\r\n", NOTHING));
        }

        /** The request with a body. */
        public HttpCall body(byte[] body) {
            String length = "Content-Length: " + body.length + "\r\n\r\n";
            return new HttpCall(endpoint, keepAlive, with(length, body));
        }

        private HttpCall call() {
            return new HttpCall(endpoint, keepAlive, with("\r\n", NOTHING));
        }

        private byte[] with(String more, byte[] body) {
            byte[] end = more.getBytes(StandardCharsets.ISO_8859_1);
            byte[] whole = Arrays.copyOf(text, text.length + end.length + body.length);
            System.arraycopy(end, 0, whole, text.length, end.length);
            System.arraycopy(body, 0, whole, text.length + end.length, body.length);
            return whole;
        }
    }
}
