package authoriser.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * An http or https URL, taken apart once.
 *
 * @param origin where connections go
 * @param target the request target, path and query (RFC 9112 section 3.2.1)
 */
public record Endpoint(Origin origin, String target) {

    /** What connections are shared by: scheme, host and port (RFC 9110 section 4.3.1). */
    public record Origin(boolean tls, String host, int port) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Origin(boolean otherTls, String otherHost, int otherPort)
                    && otherTls == tls
                    && otherPort == port
                    && otherHost.equals(host);
        }

        /**
         * By hand, as {@link #equals}: a record's own are put together at run time, in a cold
         * start.
         */
        @Override
        public int hashCode() {
            return host.hashCode() * 31 + port;
        }

        private int defaultPort() {
            return tls ? 443 : 80;
        }

        /** The value of the {@code Host} header, also what this origin is called in messages. */
        public String authority() {
            return port == defaultPort() ? host : host + ":" + port;
        }

        /**
         * Whether this is the machine itself by name or address, without asking any name server.
         */
        public boolean loopback() {
            return host.equals("localhost")
                    || host.equals("[::1]")
                    || (host.startsWith("127.") && consistsOf(host, '.', '9'));
        }
    }

    /**
     * Parses an absolute http or https URL with a host and without user information or fragment.
     */
    public static Optional<Endpoint> parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        boolean known = tls || "http".equalsIgnoreCase(uri.getScheme());
        if (!known
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null) {
            return Optional.empty();
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            return Optional.empty();
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        if (!consistsOf(target, '!', '~')) {
            return Optional
                    .empty(); // java.net.URI lets letters beyond ASCII through, HTTP does not
        }
        int port = uri.getPort() == -1 ? (tls ? 443 : 80) : uri.getPort();
        return Optional.of(
                new Endpoint(
                        new Origin(tls, uri.getHost().toLowerCase(Locale.ROOT), port), target));
    }

    private static boolean consistsOf(String text, char first, char last) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < first || text.charAt(i) > last) {
                return false;
            }
        }
        return true;
    }
}
