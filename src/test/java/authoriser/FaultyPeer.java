package authoriser;

import authoriser.standin.ScriptedServer.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** An HTTPS server on loopback that works, or has one {@link Fault}. */
final class FaultyPeer implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final SSLContext tls;
    private final UnaryOperator<String> answers;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<String> targets = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private Thread accepting;

    /** Keeps the port while nothing listens at it. */
    private Socket placeholder;

    private volatile Fault.Behaviour fault;
    private int goodAnswers;

    /**
     * Begins to listen.
     *
     * @param answers gives the JSON of a good answer to a whole request; what begins with a status
     *     line is sent as it is
     */
    FaultyPeer(SSLContext tls, UnaryOperator<String> answers) {
        this.tls = tls;
        this.answers = answers;
        listen(0);
        port = listener.getLocalPort();
    }

    String authority() {
        return "127.0.0.1:" + port;
    }

    String url(String path) {
        return "https://" + authority() + path;
    }

    /** The paths of all requests, also of those during a fault. */
    Set<String> targets() {
        return targets;
    }

    /** The number of requests that got a good answer. */
    synchronized int goodAnswers() {
        return goodAnswers;
    }

    /** Begins a fault. One that happens before a request ends the connections that are open. */
    void begin(Fault.Behaviour next) {
        fault = next;
        if (next.refuses()) {
            close(listener);
            awaitEndOfAccepting(); // until then, the system may still accept connections
            placeholder = bound();
        }
        if (next.beforeRequest()) {
            endConnections();
        }
    }

    /** Ends the fault. */
    void heal() {
        if (fault == null) {
            return;
        }
        boolean refused = fault.refuses();
        fault = null;
        if (refused) {
            close(placeholder);
            listen(port);
        }
        endConnections();
    }

    @Override
    public void close() {
        close(listener);
        endConnections();
    }

    private void awaitEndOfAccepting() {
        try {
            accepting.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void endConnections() {
        sockets.forEach(FaultyPeer::close);
    }

    private void listen(int wanted) {
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(loopback(), wanted), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't listen", e);
        }
        ServerSocket listening = listener;
        accepting = Thread.ofVirtual().start(() -> accept(listening));
    }

    private Socket bound() {
        try {
            Socket socket = new Socket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't keep the port", e);
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByName("127.0.0.1");
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Fault.Behaviour before = fault;
            if (before != null && before.beforeRequest()) {
                before.happen(new Peer(socket, null, _ -> {}));
                return;
            }
            Peer peer = new Peer(socket, tls, request -> targets.add(request.split(" ", 3)[1]));
            while (true) {
                String request = peer.request();
                Fault.Behaviour now = fault;
                if (now != null) {
                    now.happen(peer);
                    return;
                }
                synchronized (this) {
                    goodAnswers++;
                }
                peer.say(whole(answers.apply(request)));
            }
        } catch (IOException | InterruptedException e) {
            // the client has left, or the fault ended the connection
        } finally {
            sockets.remove(socket);
        }
    }

    private static String whole(String answer) {
        return answer.startsWith("HTTP/")
                ? answer
                : "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + answer.length()
                        + "\r\n\r\n"
                        + answer;
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // closed nevertheless
        }
    }
}
