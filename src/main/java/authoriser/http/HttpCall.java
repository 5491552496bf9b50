package authoriser.http;

import java.nio.charset.StandardCharsets;

/**
 * One request, written out as it goes over the wire (RFC 9112).
 *
 * <p>Says nothing of itself in {@link #toString}: it carries tokens and secrets.
 */
public final class HttpCall {
    private final Endpoint endpoint;
    private final boolean keepAlive;
    private final byte[] message;

    private HttpCall(Endpoint endpoint, boolean keepAlive, byte[] message) {
        this.endpoint = endpoint;
        this.keepAlive = keepAlive;
        this.message = message;
    }

    /** A GET over a connection of its own. */
    public static HttpCall once(Endpoint endpoint) {
        return new Head("GET", endpoint, false).call();
    }

    /** The head of a POST over a connection of its own, for what is asked seldom. */
    public static Head postOnce(Endpoint endpoint) {
        return new Head("POST", endpoint, false);
    }

    /** The head of a POST over a kept-alive connection. */
    public static Head post(Endpoint endpoint) {
        return new Head("POST", endpoint, true);
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

    /** A request's head in the making. */
    public static final class Head {
        private final Endpoint endpoint;
        private final boolean keepAlive;
        private final StringBuilder text = new StringBuilder(1024);

        private Head(String method, Endpoint endpoint, boolean keepAlive) {
            this.endpoint = endpoint;
            this.keepAlive = keepAlive;
            text.append(method).append(' ').append(endpoint.target()).append(" HTTP/1.1\r\n");
            header("Host", endpoint.origin().authority());
            header("Accept", "application/json");
            header("User-Agent", "cognito-request-authoriser");
            if (!keepAlive) {
                header("Connection", "close");
            }
        }

        /**
         * Adds a header.
         *
         * @throws IllegalArgumentException if the value could end the header: neither is told
         */
        public Head header(String name, String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c < 0x20 || c > 0x7e) {
                    throw new IllegalArgumentException(
                            "a header value holds a character that HTTP does not allow");
                }
            }
            text.append(name).append(": ").append(value).append("\r\n");
            return this;
        }

        /** The request with a body. */
        public HttpCall body(String contentType, byte[] body) {
            header("Content-Type", contentType);
            text.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            byte[] head = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            byte[] message = new byte[head.length + body.length];
            System.arraycopy(head, 0, message, 0, head.length);
            System.arraycopy(body, 0, message, head.length, body.length);
            return new HttpCall(endpoint, keepAlive, message);
        }

        private HttpCall call() {
            text.append("\r\n");
            return new HttpCall(
                    endpoint, keepAlive, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
