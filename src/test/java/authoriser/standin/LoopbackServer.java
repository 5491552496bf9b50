package authoriser.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * The JDK's HTTP server on a loopback port, a virtual thread for each request.
 *
 * <p>Stand-ins and the local gateway use it and not WireMock, because the training runs them in the
 * build of the image, where the class path has no WireMock.
 */
public final class LoopbackServer implements AutoCloseable {
    static {
        // Without it each answer on a kept-alive connection waits 40 ms for a delayed
        // acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // Above these, the JDK's server closes the connection without an answer
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "4000000");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "100000");
    }

    /** The largest body that is taken, in bytes: that of API Gateway. */
    static final int LARGEST_BODY = 10 * 1024 * 1024;

    /** How much of a larger body is read and dropped, so that its sender reads the answer. */
    private static final int DROPPED_BODY = 10 * LARGEST_BODY;

    /** The status of an exchange that has none yet. */
    private static final int NOT_ANSWERED = -1;

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<InetSocketAddress> senders = ConcurrentHashMap.newKeySet();

    private LoopbackServer(
            HttpServer server, String scheme, Function<ReceivedRequest, StandInReply> answers) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, answers));
        server.start();
    }

    /** Serves HTTP; port 0 is any that is free. */
    public static LoopbackServer http(int port, Function<ReceivedRequest, StandInReply> answers) {
        try {
            return new LoopbackServer(HttpServer.create(loopback(port), 0), "http", answers);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Serves HTTPS. */
    public static LoopbackServer https(
            int port, SSLContext tls, Function<ReceivedRequest, StandInReply> answers) {
        try {
            HttpsServer server = HttpsServer.create(loopback(port), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return new LoopbackServer(server, "https", answers);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Sends each request to the endpoint of its exact path; others get 404. */
    static Function<ReceivedRequest, StandInReply> routes(Map<String, StandInEndpoint> endpoints) {
        return request -> {
            StandInEndpoint endpoint = endpoints.get(request.path());
            return endpoint == null ? StandInReply.status(404) : endpoint.answer(request);
        };
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Scheme, host and port, without a slash at the end. */
    public String url() {
        return scheme + "://localhost:" + port();
    }

    /** The number of connections on which at least one request came. */
    int connections() {
        return senders.size();
    }

    /** Stops listening, closes every connection and interrupts whatever is still being answered. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange, Function<ReceivedRequest, StandInReply> answers)
            throws IOException {
        senders.add(exchange.getRemoteAddress());
        try {
            answer(exchange, answers);
        } catch (InterruptedException e) {
            exchange.close();
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(
            HttpExchange exchange, Function<ReceivedRequest, StandInReply> answers)
            throws IOException, InterruptedException {
        try {
            reply(exchange, answers).to(exchange);
        } catch (RuntimeException e) {
            // The server itself would close the connection in silence and hide a bug of ours
            e.printStackTrace();
            if (exchange.getResponseCode() == NOT_ANSWERED) {
                exchange.getResponseHeaders().clear();
                error(500, "A fault of this server, see its output").to(exchange);
            } else {
                exchange.close();
            }
        }
    }

    private static StandInReply reply(
            HttpExchange exchange, Function<ReceivedRequest, StandInReply> answers)
            throws IOException {
        byte[] body;
        try {
            body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                drop(exchange.getRequestBody());
                return error(413, "The body has more than " + LARGEST_BODY + " bytes");
            }
        } catch (IOException e) {
            return error(400, "The body can't be read");
        }
        return answers.apply(
                new ReceivedRequest(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        exchange.getRequestHeaders(),
                        body,
                        exchange.getRemoteAddress()));
    }

    private static void drop(InputStream body) throws IOException {
        long left = DROPPED_BODY;
        long dropped = body.skip(left);
        while (dropped > 0 && left > dropped) {
            left -= dropped;
            dropped = body.skip(left);
        }
    }

    /** An answer of this server itself, after which it closes the connection. */
    private static StandInReply error(int status, String message) {
        return StandInReply.of(
                status,
                Map.of("Content-Type", "application/json", "Connection", "close"),
                TestJson.bytes(Map.of("message", message)));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
