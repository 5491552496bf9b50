package authoriser.http;

import authoriser.timing.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * An HTTP/1.1 client for short JSON exchanges that keeps to a deadline as a whole.
 *
 * <p>It follows no redirect, sends nothing twice, keeps connections alive for each origin, and
 * takes no lock. Answers of more than {@value #BODY_LIMIT} bytes are failures. TLS is 1.2 or 1.3
 * with forward secrecy, and the certificate must be the host's (RFC 9110 section 4.3.4).
 */
public final class HttpClient implements HttpSender {
    /** The longest body that is read, in bytes. */
    public static final int BODY_LIMIT = 64 * 1024;

    private final InstantSource clock;
    private final SSLSocketFactory tls;
    private final Map<Endpoint.Origin, Deque<Connection>> idle = new ConcurrentHashMap<>();

    /** Makes a client that trusts whom {@code tls} trusts. */
    public HttpClient(InstantSource clock, SSLSocketFactory tls) {
        this.clock = clock;
        this.tls = tls;
    }

    @Override
    public Reply send(HttpCall call, Deadline deadline) {
        Endpoint.Origin origin = call.endpoint().origin();
        long millis = deadline.remainingMillis();
        Connection connection = null;
        try {
            connection = call.keepAlive() ? idleOrNew(origin, deadline) : connect(origin, deadline);
            Reply.Answered answer = connection.exchange(call, deadline);
            keepOrClose(origin, connection);
            return answer;
        } catch (IOException | RuntimeException e) {
            if (connection != null) {
                connection.close();
                forget(origin); // the others are as old, and a second try must not fail for that
            }
            return new Reply.Failed(origin.authority() + ": " + describe(e, millis));
        }
    }

    /** Opens a connection ahead of the first request that will want one. */
    public void prepare(Endpoint endpoint, Deadline deadline) {
        try {
            keepOrClose(endpoint.origin(), connect(endpoint.origin(), deadline));
        } catch (IOException | RuntimeException e) {
            // the first request will meet the same and tell
        }
    }

    private Connection idleOrNew(Endpoint.Origin origin, Deadline deadline) throws IOException {
        Deque<Connection> kept = idle.get(origin);
        if (kept != null) {
            for (Connection next = kept.pollFirst(); next != null; next = kept.pollFirst()) {
                if (next.usable()) {
                    return next;
                }
                next.close();
            }
        }
        return connect(origin, deadline);
    }

    private void keepOrClose(Endpoint.Origin origin, Connection connection) {
        if (connection.usable()) {
            idle.computeIfAbsent(origin, key -> new ConcurrentLinkedDeque<>()).addFirst(connection);
        } else {
            connection.close();
        }
    }

    private void forget(Endpoint.Origin origin) {
        Deque<Connection> kept = idle.remove(origin);
        if (kept != null) {
            for (Connection next = kept.pollFirst(); next != null; next = kept.pollFirst()) {
                next.close();
            }
        }
    }

    private Connection connect(Endpoint.Origin origin, Deadline deadline) throws IOException {
        InetAddress[] addresses = Resolver.resolve(origin, deadline);
        IOException last = new ConnectException();
        for (int i = 0; i < addresses.length; i++) {
            TimedSocket transport = new TimedSocket(deadline);
            try {
                int share = deadline.remainingMillis() / (addresses.length - i);
                if (share <= 0) {
                    throw new SocketTimeoutException();
                }
                transport.setTcpNoDelay(true);
                transport.connect(new InetSocketAddress(addresses[i], origin.port()), share);
                return new Connection(
                        transport, origin.tls() ? secured(transport, origin) : transport, clock);
            } catch (IOException e) {
                transport.close();
                last = e;
            }
        }
        throw last;
    }

    private SSLSocket secured(TimedSocket transport, Endpoint.Origin origin) throws IOException {
        SSLSocket socket =
                (SSLSocket) tls.createSocket(transport, plain(origin.host()), origin.port(), true);
        socket.setSSLParameters(parameters());
        socket.startHandshake();
        return socket;
    }

    /** An IPv6 address without the brackets that it has in a URL. */
    private static String plain(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * All that is asked of a peer, said here because Lambda's runtime client relaxes the JDK's own
     * list of disabled algorithms.
     */
    private static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setCipherSuites(
                new String[] {
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
                });
        return parameters;
    }

    /** What happened, in words that hold nothing of what was sent or received. */
    private static String describe(Exception failure, long millis) {
        // JSSE wraps a time-out during the handshake
        Throwable e = failure.getCause() instanceof SocketTimeoutException cause ? cause : failure;
        return switch (e) {
            case SocketTimeoutException _ -> "no whole answer within " + millis + " ms";
            case UnknownHostException _ -> "the host's name is not known";
            case ConnectException _ -> "the connection was refused";
            case NoRouteToHostException _ -> "there is no route to the host";
            case SSLException _ -> "TLS failed (" + e.getClass().getSimpleName() + ")";
            case EOFException _ -> "the connection was closed";
            case ProtocolException _ -> String.valueOf(e.getMessage());
            case SocketException _ -> "the connection broke";
            default -> e.getClass().getSimpleName();
        };
    }
}
