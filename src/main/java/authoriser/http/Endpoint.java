package authoriser.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * An http or https URL in its parts.
 *
 * @param origin what a connection is opened to
 * @param target the request target, path and query (RFC 9112 section 3.2.1)
 */
public record Endpoint(Origin origin, String target) {

    /** Scheme, host and port (RFC 9110 section 4.3.1). Requests to one origin share connections. */
    public record Origin(boolean tls, String host, int port) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Origin(boolean otherTls, String otherHost, int otherPort)
                    && otherTls == tls
                    && otherPort == port
                    && otherHost.equals(host);
        }

        /**
         * Written out, as {@link #equals} is: a record's own methods are generated at run time,
         * which a cold start would wait for.
         */
        @Override
        public int hashCode() {
            return host.hashCode() * 31 + port;
        }

        private int defaultPort() {
            return tls ? 443 : 80;
        }

        /** The value of the {@code Host} header, and the name of this origin in messages. */
        public String authority() {
            return port == defaultPort() ? host : host + ":" + port;
        }

        /** Whether this is the machine itself, by name or address. No name server is asked. */
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
        if (uri.getHost().contains("%")) {
            return Optional.empty(); // an IPv6 zone has a meaning on one machine only (RFC 9844)
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        if (!consistsOf(target, '!', '~')) {
            return Optional.empty(); // java.net.URI accepts letters beyond ASCII, HTTP does not
        }
        int port = uri.getPort() == -1 ? (tls ? 443 : 80) : uri.getPort();
        return Optional.of(
                new Endpoint(
                        new Origin(tls, uri.getHost().toLowerCase(Locale.ROOT), port), target));
    }

    /**
     * Says why {@link #parse} refuses a URL, as the rest of a sentence about the URL. It is empty
     * if the URL is accepted.
     *
     * <p>It never repeats user information, path or query, which may be secret.
     */
    public static Optional<String> problemOf(String url) {
        return parse(url).isPresent() ? Optional.empty() : Optional.of(refusal(url));
    }

    private static String refusal(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return "must be an absolute https URL, and Java's URI parser refuses it: "
                    + e.getReason()
                    + " at index "
                    + e.getIndex();
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())
                && !"http".equalsIgnoreCase(uri.getScheme())) {
            return "must be an absolute https URL, and does not begin with https://";
        }
        if (uri.getRawAuthority() == null) {
            return "must be an absolute https URL, and names no host";
        }
        if (uri.getRawAuthority().contains("@")) {
            return "must not hold user information";
        }
        if (uri.getRawFragment() != null) {
            return "must not hold a fragment";
        }
        if (uri.getHost() == null) {
            return refusalOfHost(uri.getRawAuthority());
        }
        if (uri.getHost().contains("%")) {
            return "holds an IPv6 address with a zone";
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            return "holds the port " + uri.getPort() + ", which is not from 1 to 65535";
        }
        return "holds a character beyond ASCII in its path or query, which must be"
                + " percent-encoded";
    }

    /** Why Java's URI parser finds no host in {@code HOST[:PORT]}. */
    private static String refusalOfHost(String authority) {
        int colon = authority.indexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        if (host.isEmpty()) {
            return "must be an absolute https URL, and names no host";
        }
        if (host.contains("_")) {
            return "holds the host name " + host + ", whose underscore Java's URI parser refuses";
        }
        try {
            new URI("https", host, null, null).parseServerAuthority();
        } catch (URISyntaxException e) {
            return "holds the host name " + host + ", which Java's URI parser refuses";
        }
        return "holds a port that is not a number from 1 to 65535";
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
