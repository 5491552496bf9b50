package authoriser.http;

import authoriser.time.Deadline;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client for short JSON requests and answers, each within one deadline.
 *
 * <p>It follows no redirect, sends each request once, keeps connections alive for each origin, and
 * takes no lock. A body of more than {@value #BODY_LIMIT} bytes is a failure. For TLS see {@link
 * TlsLayer}.
 */
public final class HttpClient implements HttpSender {
    /** The longest body that is read, in bytes. */
    public static final int BODY_LIMIT = 64 * 1024;

    private final InstantSource clock;
    private final TlsLayer tls;
    private final Map<Endpoint.Origin, TlsLayer> own;
    private final Map<Endpoint.Origin, Deque<Connection>> idle = new ConcurrentHashMap<>();

    /**
     * For each origin, the address that failed last. It is tried last: an address that accepts a
     * connection and then sends nothing would use up all the time again.
     */
    private final Map<Endpoint.Origin, InetAddress> failed = new ConcurrentHashMap<>();

    /** Makes a client that uses {@code tls} for every origin. */
    public HttpClient(InstantSource clock, TlsLayer tls) {
        this(clock, tls, Map.of());
    }

    /**
     * Makes a client that uses {@code tls}, except for some origins.
     *
     * @param own the TLS of the origins that have certificate authorities of their own
     */
    public HttpClient(InstantSource clock, TlsLayer tls, Map<Endpoint.Origin, TlsLayer> own) {
        this.clock = clock;
        this.tls = tls;
        this.own = own;
    }

    @Override
    public Reply send(HttpCall call, Deadline deadline) {
        Endpoint.Origin origin = call.endpoint().origin();
        long millis = deadline.remainingMillis();
        if (millis <= 0) {
            return new Reply.Failed(origin.authority() + ": no time is left for the request", true);
        }
        @Nullable Connection connection = null;
        try {
            connection = call.keepAlive() ? kept(origin) : null;
            if (connection == null) {
                connection = connect(origin, deadline);
                connection.requireSilence();
            }
            Reply.Answered answer = connection.exchange(call, deadline);
            keepOrClose(origin, connection);
            return answer;
        } catch (IOException | RuntimeException e) {
            if (connection != null) {
                connection.close();
                failed.put(origin, connection.address());
                forget(origin); // the others are as old, so a second try could fail on them as well
            }
            boolean timeOut = e instanceof SocketTimeoutException;
            boolean status = !timeOut && connection != null && connection.statusRead();
            return new Reply.Failed(
                    origin.authority() + ": " + describe(e, millis), timeOut, status);
        }
    }

    /**
     * Opens a connection ahead of the first request. It replaces the kept ones: the newest one is
     * always used first, so the others would stay open unused.
     */
    @Override
    public Optional<String> prepare(Endpoint endpoint, Deadline deadline) {
        long millis = deadline.remainingMillis();
        try {
            Connection connection = connect(endpoint.origin(), deadline);
            forget(endpoint.origin());
            keepOrClose(endpoint.origin(), connection);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(endpoint.origin().authority() + ": " + describe(e, millis));
        }
    }

    /** Takes a kept connection that is still usable; null if there is none. */
    private @Nullable Connection kept(Endpoint.Origin origin) {
        Deque<Connection> kept = idle.get(origin);
        if (kept != null) {
            for (Connection next = kept.pollFirst(); next != null; next = kept.pollFirst()) {
                if (next.usable() && next.silent()) {
                    return next;
                }
                next.close();
            }
        }
        return null;
    }

    private void keepOrClose(Endpoint.Origin origin, Connection connection) {
        if (connection.usable()) {
            idle.computeIfAbsent(origin, key -> new ConcurrentLinkedDeque<>()).addFirst(connection);
        } else {
            connection.close();
        }
    }

    private void forget(Endpoint.Origin origin) {
        Deque<Connection> kept = idle.get(origin);
        if (kept != null) {
            for (Connection next = kept.pollFirst(); next != null; next = kept.pollFirst()) {
                next.close();
            }
        }
    }

    private Connection connect(Endpoint.Origin origin, Deadline deadline) throws IOException {
        InetAddress[] addresses = Resolver.resolve(origin, deadline);
        int first = 1 + Arrays.asList(addresses).indexOf(failed.get(origin));
        IOException last = new ConnectException();
        for (int i = 0; i < addresses.length; i++) {
            int share = deadline.remainingMillis() / (addresses.length - i);
            if (share <= 0) {
                throw new SocketTimeoutException();
            }
            InetAddress address = addresses[(first + i) % addresses.length];
            try {
                return connect(
                        new InetSocketAddress(address, origin.port()), share, origin, deadline);
            } catch (IOException e) {
                failed.put(origin, address);
                last = e;
            }
        }
        throw last;
    }

    private Connection connect(
            InetSocketAddress address, int millis, Endpoint.Origin origin, Deadline deadline)
            throws IOException {
        TcpTransport tcp =
                TcpTransport.connect(address, deadline.atMost(Duration.ofMillis(millis)));
        tcp.deadline(deadline);
        return new Connection(
                origin.tls() ? own.getOrDefault(origin, tls).over(tcp, origin) : tcp, clock);
    }

    /**
     * What happened, in words that hold nothing of what was sent or received. No pattern switch: it
     * would take milliseconds at its first use (note 32).
     */
    static String describe(Exception failure, long millis) {
        if (failure instanceof SocketTimeoutException) {
            return "no whole answer within " + millis + " ms";
        }
        if (failure instanceof SSLException tls) {
            return TlsFailure.describe(tls);
        }
        if (failure instanceof UnknownHostException) {
            return "the host's name is not known";
        }
        if (failure instanceof ConnectException) {
            return "the connection was refused";
        }
        if (failure instanceof NoRouteToHostException) {
            return "there is no route to the host";
        }
        if (failure instanceof EOFException) {
            return "the connection was closed";
        }
        if (failure instanceof ProtocolException) {
            return String.valueOf(failure.getMessage());
        }
        return failure instanceof SocketException
                ? "the connection broke"
                : failure.getClass().getSimpleName();
    }
}
