package authoriser.standin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP port that leads to a stand-in and can be cut, silenced or led elsewhere while its number
 * stays the same.
 *
 * <p>It fails below HTTP and TLS, where {@link StandInReply} does not reach.
 */
public final class Relay implements AutoCloseable {
    /** Bound and never listening: keeps the port ours while nobody listens on it. */
    private final Socket reservation;

    private final InetSocketAddress address;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private int target;
    private boolean silent;
    private int connections;
    private ServerSocket listener;
    private Thread acceptor;

    /** Two sockets, and whether what arrives on one still leaves on the other. */
    private static final class Link {
        private final Socket caller;
        private final Socket callee;
        private volatile boolean passing = true;

        Link(Socket caller, Socket callee) {
            this.caller = caller;
            this.callee = callee;
        }

        void pass(Socket from, Socket to) {
            byte[] bytes = new byte[16 * 1024];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    if (passing) {
                        out.write(bytes, 0, read);
                    }
                }
            } catch (IOException e) {
                // Closed by either side, or by a test
            } finally {
                close();
            }
        }

        void close() {
            Relay.close(caller);
            Relay.close(callee);
        }
    }

    private Relay(int target) throws IOException {
        this.target = target;
        reservation = new Socket();
        reservation.setReuseAddress(true);
        reservation.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) reservation.getLocalSocketAddress();
        up();
    }

    /** Starts a relay to the port of this URL. */
    public static Relay to(String url) {
        try {
            return new Relay(URI.create(url).getPort());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't listen", e);
        }
    }

    /** A URL of the stand-in as it is by way of this relay. */
    public String url(String direct) {
        return direct.replace(":" + URI.create(direct).getPort(), ":" + address.getPort());
    }

    /** Leads new connections to the port of another URL, and closes those that there are. */
    public synchronized void leadTo(String url) {
        target = URI.create(url).getPort();
        cut();
    }

    /** Accepts new connections and lets no byte through, and closes those that there are. */
    public synchronized void fallSilent() {
        silent = true;
        cut();
    }

    /** Lets new connections through again. */
    public synchronized void speak() {
        silent = false;
        cut();
    }

    /** Closes every connection; new ones are taken. */
    public synchronized void cut() {
        links.forEach(Link::close);
    }

    /** Lets nothing pass on the connections that there are, without closing them. */
    public synchronized void stall() {
        links.forEach(link -> link.passing = false);
    }

    /** Refuses connections, and closes those that there are. */
    public void down() {
        Thread ending;
        synchronized (this) {
            close(listener);
            ending = acceptor;
        }
        try {
            ending.join(); // the system listens on for as long as somebody waits in accept
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cut();
    }

    /** Takes connections again on the same port. */
    public synchronized void up() {
        try {
            ServerSocket next = new ServerSocket();
            next.setReuseAddress(true);
            next.bind(address);
            listener = next;
            acceptor = Thread.ofVirtual().start(() -> accept(next));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't listen on " + address, e);
        }
    }

    /** The number of connections taken so far. */
    public synchronized int connections() {
        return connections;
    }

    @Override
    public void close() {
        down();
        close(reservation);
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                lead(from, from.accept());
            }
        } catch (IOException e) {
            // Nobody listens any more
        }
    }

    private synchronized void lead(ServerSocket from, Socket caller) {
        if (from.isClosed()) {
            close(caller);
            return;
        }
        connections++;
        try {
            Socket callee = new Socket();
            if (!silent) {
                callee.connect(new InetSocketAddress(address.getAddress(), target));
                callee.setTcpNoDelay(true);
            }
            caller.setTcpNoDelay(true);
            Link link = new Link(caller, callee);
            links.add(link);
            if (!silent) {
                Thread.ofVirtual().start(() -> link.pass(caller, callee));
                Thread.ofVirtual().start(() -> link.pass(callee, caller));
            }
        } catch (IOException e) {
            close(caller);
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Closed all the same
        }
    }
}
