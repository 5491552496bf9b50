package authoriser.standin;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server whose every byte is scripted, for what WireMock cannot send, and for what happens below
 * HTTP.
 *
 * <p>The first connection is served by the first script and so on, the last script serving all that
 * follow. A connection that its script leaves open stays open until the client ends it.
 */
public final class ScriptedServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** States of a connection in Linux's include/net/tcp_states.h. */
    private static final String FIN_SENT = "04";

    private static final String CLOSED = "07";

    private final ServerSocket listener;
    private final SSLContext tls;
    private final Script[] scripts;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new ArrayList<>();
    private int connections;
    private int leftByClient;

    /** What is done on one connection; an exception ends it. */
    @FunctionalInterface
    public interface Script {
        void serve(Peer peer) throws Exception;
    }

    /** Something that sends. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    private ScriptedServer(InetAddress address, int port, SSLContext tls, Script... scripts) {
        this.tls = tls;
        this.scripts = scripts;
        try {
            listener = new Listener(port, address);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't listen", e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public static ScriptedServer plain(Script... scripts) {
        return new ScriptedServer(InetAddress.getLoopbackAddress(), 0, null, scripts);
    }

    /** Listens at an address and port of its own, such as 127.0.0.2. */
    public static ScriptedServer at(InetAddress address, int port, Script... scripts) {
        return new ScriptedServer(address, port, null, scripts);
    }

    public static ScriptedServer tls(SSLContext context, Script... scripts) {
        return new ScriptedServer(InetAddress.getLoopbackAddress(), 0, context, scripts);
    }

    /** Listens at an address of its own, such as ::1. */
    public static ScriptedServer tlsAt(InetAddress address, SSLContext context, Script... scripts) {
        return new ScriptedServer(address, 0, context, scripts);
    }

    /** Answers any number of requests on a connection with the same message. */
    public static Script always(String message) {
        return peer -> {
            while (true) {
                peer.request();
                peer.say(message);
            }
        };
    }

    /** An answer with a length. */
    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** A URL of this server by one of its host's names or addresses, without a path. */
    public String url(String host) {
        return (tls == null ? "http://" : "https://") + host + ":" + port();
    }

    /** The requests so far, whole. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** The number of connections so far. */
    public synchronized int connections() {
        return connections;
    }

    /** Waits until the client has ended so many connections that were left open here. */
    public synchronized void awaitLeft(int number) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (leftByClient < number) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(
                        "the client has left " + leftByClient + " connections, not " + number);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
        sockets.forEach(ScriptedServer::closeQuietly);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        Script script;
        synchronized (this) {
            script = scripts[Math.min(connections, scripts.length - 1)];
            connections++;
        }
        try {
            Peer peer = new Peer(socket, tls, this::keep);
            try {
                script.serve(peer);
            } catch (Exception e) {
                // the connection goes on below TLS, until the client ends that, too
            }
            awaitEnd(peer);
        } catch (IOException e) {
            // the client has left already
        } finally {
            closeQuietly(socket);
            sockets.remove(socket);
        }
    }

    private void awaitEnd(Peer peer) {
        try {
            peer.awaitEnd();
        } catch (IOException e) {
            // a reset is an end, too
        }
        if (!peer.transport.isClosed()) {
            left();
        }
    }

    private synchronized void keep(String request) {
        requests.add(request);
    }

    private synchronized void left() {
        leftByClient++;
        notifyAll();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // closed all the same
        }
    }

    /** The server's side of one connection. */
    public static final class Peer {
        private final Socket transport;
        private final SSLContext tls;
        private final Consumer<String> requests;
        private Socket socket;

        /**
         * Takes over a connection that was accepted.
         *
         * @param tls null for a connection without TLS
         * @param requests gets each whole request
         */
        public Peer(Socket transport, SSLContext tls, Consumer<String> requests)
                throws IOException {
            this.transport = transport;
            this.tls = tls;
            this.requests = requests;
            this.socket = transport;
            transport.setTcpNoDelay(true);
        }

        /** What the client sent, TLS taken off; the first use shakes hands. */
        public InputStream input() throws IOException {
            return socket().getInputStream();
        }

        /** The connection, below TLS. */
        public Socket transport() {
            return transport;
        }

        /** Waits for a whole request. */
        public String request() throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            while (!text(message).endsWith("\r\n\r\n")) {
                readInto(message, 1);
            }
            String head = text(message).toLowerCase(Locale.ROOT);
            int length = head.indexOf("content-length: ");
            if (length >= 0) {
                int start = length + "content-length: ".length();
                readInto(
                        message,
                        Integer.parseInt(head.substring(start, head.indexOf('\r', start))));
            }
            requests.accept(text(message));
            return text(message);
        }

        /** Says several things, under TLS each in a record of its own, that all arrive at once. */
        public void sayAtOnce(String... messages) throws IOException {
            socket(); // shakes hands
            HeldOutput output = (HeldOutput) transport.getOutputStream();
            output.hold();
            for (String message : messages) {
                say(message);
            }
            output.release();
        }

        public void say(String message) throws IOException {
            OutputStream output = socket().getOutputStream();
            output.write(message.getBytes(StandardCharsets.ISO_8859_1));
            output.flush();
        }

        /** The bytes that a message would go out as, under TLS one record; nothing goes out. */
        public byte[] record(String message) throws IOException {
            return held(() -> say(message));
        }

        /** What an action would send. */
        public byte[] held(Action action) throws IOException {
            socket(); // shakes hands
            HeldOutput output = (HeldOutput) transport.getOutputStream();
            output.hold();
            action.run();
            return output.drop();
        }

        /** Writes below TLS. */
        public void raw(byte[] bytes, int from, int to) throws IOException {
            OutputStream output = transport.getOutputStream();
            output.write(bytes, from, to - from);
            output.flush();
        }

        /** Waits until all that was said, or the end of it, has reached the client's system. */
        public void delivered() throws IOException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!arrived()) {
                if (System.nanoTime() > end) {
                    throw new IOException("not delivered");
                }
                Thread.yield();
            }
        }

        /** Says a message over and over, slowly, until the client has left. */
        public void trickle(String message) throws IOException, InterruptedException {
            while (true) {
                say(message);
                Thread.sleep(10); // a server's slowness; no test waits for it
            }
        }

        /** Ends the connection properly: under TLS with its farewell. */
        public void end() throws IOException {
            socket().close();
            transport.close();
        }

        /** Says no more: under TLS by its farewell alone, below which TCP goes on. */
        public void farewell() throws IOException {
            socket().shutdownOutput();
        }

        /** Ends the connection as a crash does. */
        public void reset() throws IOException {
            transport.setSoLinger(true, 0);
            transport.close();
        }

        /** Waits until the client has ended the TCP connection. */
        public void awaitEnd() throws IOException {
            while (!transport.isClosed() && transport.getInputStream().read() >= 0) {
                // what else the client may say
            }
        }

        /** Ends the TCP connection, under TLS without its farewell. */
        public void drop() throws IOException {
            transport.shutdownOutput();
        }

        /** Shakes hands with a socket adjusted before; without it, the first use does. */
        public void secure(Consumer<SSLSocket> adjustment) throws IOException {
            secure(tls, adjustment);
        }

        /** The same with this context. */
        public void secure(SSLContext context, Consumer<SSLSocket> adjustment) throws IOException {
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(transport, null, false);
            secured.setUseClientMode(false);
            adjustment.accept(secured);
            secured.startHandshake();
            socket = secured;
        }

        private Socket socket() throws IOException {
            if (tls != null && socket == transport) {
                secure(_ -> {});
            }
            return socket;
        }

        private void readInto(ByteArrayOutputStream message, int length) throws IOException {
            byte[] part = input().readNBytes(length);
            if (part.length < length) {
                throw new EOFException();
            }
            message.write(part);
        }

        /**
         * What Linux knows of both ends: nothing of ours is without acknowledgement, or the
         * connection was reset. Elsewhere loopback is taken to deliver at once.
         */
        private boolean arrived() throws IOException {
            if (!Files.exists(Path.of("/proc/net/tcp"))) {
                return true;
            }
            String ours = end(transport.getLocalPort(), transport.getPort());
            if (ours.isEmpty()) {
                String theirs = end(transport.getPort(), transport.getLocalPort());
                return theirs.isEmpty() || theirs.startsWith(CLOSED);
            }
            return ours.endsWith(" 00000000") && !ours.startsWith(FIN_SENT);
        }

        /** The state of one end and the number of its bytes on the way, both in hexadecimal. */
        private static String end(int localPort, int remotePort) throws IOException {
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] fields = line.strip().split("[ :]+");
                    if (fields[2].equals(String.format("%04X", localPort))
                            && fields[4].equals(String.format("%04X", remotePort))) {
                        return fields[5] + " " + fields[6];
                    }
                }
            }
            return "";
        }

        private static String text(ByteArrayOutputStream message) {
            return message.toString(StandardCharsets.UTF_8);
        }
    }

    /** Accepts connections whose output can be held back. */
    private static final class Listener extends ServerSocket {
        Listener(int port, InetAddress address) throws IOException {
            super(port, 50, address);
        }

        @Override
        public Socket accept() throws IOException {
            Socket socket =
                    new Socket() {
                        private HeldOutput output;

                        @Override
                        public synchronized OutputStream getOutputStream() throws IOException {
                            if (output == null) {
                                output = new HeldOutput(super.getOutputStream());
                            }
                            return output;
                        }
                    };
            implAccept(socket);
            return socket;
        }
    }

    private static final class HeldOutput extends FilterOutputStream {
        private ByteArrayOutputStream held;

        HeldOutput(OutputStream output) {
            super(output);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            (held == null ? out : held).write(bytes, offset, length);
        }

        synchronized void hold() {
            held = new ByteArrayOutputStream();
        }

        synchronized void release() throws IOException {
            out.write(drop());
        }

        synchronized byte[] drop() {
            byte[] bytes = held.toByteArray();
            held = null;
            return bytes;
        }
    }
}
