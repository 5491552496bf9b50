package authoriser.http;

import authoriser.timing.Ages;
import authoriser.timing.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;

/** One connection, used by one request at a time. */
final class Connection implements Closeable {
    /** Load balancers close idle connections after 60 seconds as a rule, so ours end sooner. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(50);

    private final TimedSocket transport;
    private final OutputStream output;
    private final InputStream input;
    private final ResponseReader reader;
    private final InstantSource clock;

    /** In milliseconds since 1970. */
    private long usableUntil;

    /**
     * Wraps a connected socket.
     *
     * @param transport the TCP connection, which keeps to deadlines
     * @param socket what to talk over: the same, or TLS on top of it
     */
    Connection(TimedSocket transport, Socket socket, InstantSource clock) throws IOException {
        this.transport = transport;
        this.output = socket.getOutputStream();
        this.input = socket.getInputStream();
        this.reader = new ResponseReader(input::read);
        this.clock = clock;
        idle();
    }

    /** Where the peer is. */
    InetAddress address() {
        return transport.getInetAddress();
    }

    /**
     * Whether it may be used again: the last answer left it open, and it has not been idle for too
     * long.
     */
    boolean usable() {
        return clock.millis() < usableUntil;
    }

    /**
     * Whether the peer has said nothing since its last answer. What comes unasked is a farewell or
     * nobody's answer, and must not be taken for the next one. TLS's own messages, such as session
     * tickets, do not count.
     */
    boolean silent() {
        return transport.silent(input);
    }

    Reply.Answered exchange(HttpCall call, Deadline deadline) throws IOException {
        usableUntil = Ages.NEVER;
        transport.deadline(deadline);
        output.write(call.message());
        output.flush();
        Reply.Answered answer = reader.read();
        if (call.keepAlive() && reader.keepsAlive()) {
            idle();
        }
        return answer;
    }

    private void idle() {
        Duration limit = KEEP_ALIVE;
        Duration peers = reader.keepAliveTimeout();
        if (peers.compareTo(limit) < 0) {
            limit = peers;
        }
        usableUntil = clock.millis() + limit.toMillis();
    }

    /** Closes the TCP connection at once; a TLS farewell could block and is owed to nobody here. */
    @Override
    public void close() {
        try {
            transport.close();
        } catch (IOException e) {
            // closed all the same
        }
    }
}
