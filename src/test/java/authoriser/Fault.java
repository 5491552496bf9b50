package authoriser;

import authoriser.standin.Certificates;
import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import authoriser.standin.ScriptedServer.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** The faults that a peer of the function can have. */
enum Fault {
    REFUSED("the connection is refused"),
    STALLED_HANDSHAKE("the TLS handshake stalls"),
    UNKNOWN_AUTHORITY("a certificate of an unknown authority"),
    WRONG_HOST("a certificate for another host"),
    EXPIRED("an expired certificate"),
    TLS_1_1("TLS 1.1 only"),
    NO_TLS("HTTP without TLS"),
    NO_ANSWER("no answer"),
    BYTE_A_SECOND("one byte a second"),
    RESET_BEFORE_HEAD("reset before the head"),
    RESET_AFTER_HEAD("reset after the head"),
    RESET_IN_BODY("reset in the body"),
    CLOSED_IN_BODY("closed in the body"),
    HTML("HTML with status 200"),
    WRONG_TYPES("JSON with wrong types"),
    FIVE_MEGABYTES("a body of 5 MB"),
    ENDLESS_BODY("a body without end"),
    INTERIM_ANSWERS("1xx answers without end"),
    BAD_CHUNKS("a broken chunk"),
    TWO_LENGTHS("two lengths"),
    GZIP("a body in gzip"),
    REDIRECT("a redirect"),
    STATUS_401("status 401"),
    STATUS_404("status 404"),
    STATUS_429("status 429"),
    STATUS_500("status 500"),
    STATUS_503("status 503");

    /** The path that the redirect leads to, on the same peer. */
    static final String ELSEWHERE = "/elsewhere";

    /** The host of the certificate for another host. */
    private static final String OTHER_HOST = "other.example";

    private static final String JSON_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** Lets time pass for the function. */
    @FunctionalInterface
    interface Time {
        /** Returns when this much time has passed. */
        void pass(Duration time) throws InterruptedException;
    }

    /** What a peer with a fault does on a connection. */
    interface Behaviour {
        /** Does it; returns or throws when the connection is to be closed. */
        void happen(Peer connection) throws IOException, InterruptedException;

        /** Whether it happens before a request was read. */
        default boolean beforeRequest() {
            return false;
        }

        /** Whether the peer does not even accept the connection. */
        default boolean refuses() {
            return false;
        }
    }

    /** TLS of the faulty peers. The client trusts the issuer of all but one certificate. */
    record TlsOfPeers(
            Certificates good, SSLContext unknown, SSLContext otherHost, SSLContext expired) {
        static TlsOfPeers in(Path directory) {
            Identity root = Identity.selfSigned(Order.ec("Local test root").authority());
            Identity unknown = Identity.selfSigned(Order.ec("Local unknown root").authority());
            Order server = Order.ec("Local test server");
            Order here = server.hosts("127.0.0.1");
            return new TlsOfPeers(
                    Certificates.of(directory, root, root.signs(here)),
                    context(directory, root, unknown.signs(here)),
                    context(directory, root, root.signs(server.hosts(OTHER_HOST))),
                    context(directory, root, root.signs(here.start(Duration.ofDays(-30)))));
        }

        private static SSLContext context(Path directory, Identity root, Identity server) {
            return Certificates.of(directory.resolve("bad"), root, server).serverContext();
        }
    }

    /** The limit of one call, for this fault. Where a fault makes the client wait, it is short. */
    Duration callLimit() {
        return switch (this) {
            case NO_ANSWER, STALLED_HANDSHAKE -> Duration.ofMillis(100);
            default -> Duration.ofSeconds(2);
        };
    }

    /**
     * What a peer does that has this fault.
     *
     * @param wrongTypes JSON with the members of a good answer and values of other types
     */
    Behaviour in(TlsOfPeers tls, String wrongTypes, Time time) {
        return switch (this) {
            case REFUSED -> new Refusal();
            case STALLED_HANDSHAKE ->
                    before(connection -> {
                        time.pass(callLimit());
                        connection.awaitEnd();
                    });
            case UNKNOWN_AUTHORITY -> handshake(tls.unknown, null);
            case WRONG_HOST -> handshake(tls.otherHost, null);
            case EXPIRED -> handshake(tls.expired, null);
            case TLS_1_1 -> handshake(tls.good.serverContext(), "TLSv1.1");
            case NO_TLS -> before(say("400 Bad Request", ""));
            case NO_ANSWER ->
                    connection -> {
                        time.pass(callLimit());
                        connection.awaitEnd();
                    };
            case BYTE_A_SECOND -> connection -> byteBySecond(connection, time);
            case RESET_BEFORE_HEAD -> Peer::reset;
            case RESET_AFTER_HEAD ->
                    connection -> {
                        connection.say(JSON_HEAD + "Content-Length: 100\r\n\r\n");
                        connection.reset();
                    };
            case RESET_IN_BODY ->
                    connection -> {
                        connection.say(JSON_HEAD + "Content-Length: 100\r\n\r\n{\"allowed\":true");
                        connection.reset();
                    };
            case CLOSED_IN_BODY ->
                    connection ->
                            connection.say(
                                    JSON_HEAD + "Content-Length: 100\r\n\r\n{\"allowed\":true");
            case HTML -> say("200 OK", "<!doctype html><html><h1>Maintenance</h1></html>");
            case WRONG_TYPES -> say("200 OK", wrongTypes);
            case FIVE_MEGABYTES ->
                    connection -> {
                        connection.say(JSON_HEAD + "Content-Length: 5000000\r\n\r\n{\"pad\":\"");
                        repeat(connection, "x".repeat(100_000), 50);
                        connection.awaitEnd();
                    };
            case ENDLESS_BODY ->
                    connection -> {
                        connection.say(JSON_HEAD + "Transfer-Encoding: chunked\r\n\r\n");
                        repeat(
                                connection,
                                "1000\r\n" + "x".repeat(0x1000) + "\r\n",
                                Integer.MAX_VALUE);
                    };
            case INTERIM_ANSWERS ->
                    connection ->
                            repeat(
                                    connection,
                                    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                                    Integer.MAX_VALUE);
            case BAD_CHUNKS ->
                    connection -> {
                        connection.say(
                                JSON_HEAD + "Transfer-Encoding: chunked\r\n\r\n0x10\r\n{}\r\n");
                        connection.awaitEnd();
                    };
            case TWO_LENGTHS ->
                    connection -> {
                        connection.say(
                                JSON_HEAD + "Content-Length: 2\r\nContent-Length: 16\r\n\r\n{}");
                        connection.awaitEnd();
                    };
            case GZIP ->
                    connection -> {
                        connection.say(
                                JSON_HEAD
                                        + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
                                        + "\u001f\u008b\u0008\u0000");
                        connection.awaitEnd();
                    };
            case REDIRECT -> say("302 Found\r\nLocation: " + ELSEWHERE, "");
            case STATUS_401 -> say("401 Unauthorized", "");
            case STATUS_404 -> say("404 Not Found", "{\"allowed\":true}");
            case STATUS_429 -> say("429 Too Many Requests\r\nRetry-After: 60", "");
            case STATUS_500 -> say("500 Internal Server Error", "{\"allowed\":true}");
            case STATUS_503 -> say("503 Service Unavailable", "{\"allowed\":true}");
        };
    }

    @Override
    public String toString() {
        return words;
    }

    private static Behaviour say(String status, String body) {
        return connection -> {
            connection.say(
                    "HTTP/1.1 "
                            + status
                            + "\r\nContent-Length: "
                            + body.length()
                            + "\r\nConnection: close\r\n\r\n"
                            + body);
            connection.awaitEnd();
        };
    }

    /** Advances the clock up to the limit of the call, and goes on until the client leaves. */
    private void byteBySecond(Peer connection, Time time) throws IOException, InterruptedException {
        String start = "HTTP/1.1 200 OK\r\nX-Padding: ";
        Duration left = callLimit();
        for (int i = 0; ; i++) {
            connection.say(i < start.length() ? start.substring(i, i + 1) : "x");
            if (left.isPositive()) {
                time.pass(Duration.ofSeconds(1));
                left = left.minusSeconds(1);
            }
            Thread.sleep(1); // a server's slowness; no test waits for it
        }
    }

    private static void repeat(Peer connection, String text, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            connection.say(text);
        }
    }

    private static Behaviour handshake(SSLContext context, String version) {
        return before(connection -> {
            connection.secure(
                    context,
                    socket -> {
                        if (version != null) {
                            socket.setEnabledProtocols(new String[] {version});
                        }
                    });
            connection.awaitEnd();
        });
    }

    private static Behaviour before(Behaviour behaviour) {
        return new Behaviour() {
            @Override
            public void happen(Peer connection) throws IOException, InterruptedException {
                behaviour.happen(connection);
            }

            @Override
            public boolean beforeRequest() {
                return true;
            }
        };
    }

    private static final class Refusal implements Behaviour {
        @Override
        public void happen(Peer connection) throws IOException {
            connection.reset(); // a connection that was accepted just before
        }

        @Override
        public boolean beforeRequest() {
            return true;
        }

        @Override
        public boolean refuses() {
            return true;
        }
    }
}
