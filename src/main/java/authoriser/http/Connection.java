package authoriser.http;

import authoriser.time.Ages;
import authoriser.time.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;

/** One connection, used by one request at a time. */
final class Connection implements Closeable {
    /** Load balancers usually close a connection that was idle for 60 seconds; ours ends sooner. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(50);

    private final Transport transport;
    private final ResponseReader reader;
    private final InstantSource clock;

    /** When the last answer was read, in milliseconds since 1970. */
    private long idleSince;

    /** In milliseconds since 1970. */
    private long usableUntil;

    Connection(Transport transport, InstantSource clock) {
        this.transport = transport;
        this.reader = new ResponseReader(transport);
        this.clock = clock;
        idle();
    }

    /** The address of the peer. */
    InetAddress address() {
        return transport.address();
    }

    /**
     * Whether it may be used again: the last answer left it open, and it was not idle for too long.
     * If the clock was set back, the idle time is unknown, so it may not be used again.
     */
    boolean usable() {
        long now = clock.millis();
        return idleSince <= now && now < usableUntil;
    }

    /**
     * Whether the connection is open and no bytes came since the last answer. Such bytes belong to
     * no request, and must not be read as the next answer.
     */
    boolean silent() {
        return transport.silent();
    }

    /**
     * Checks that the peer has sent nothing on a new connection.
     *
     * @throws IOException if the peer has sent something, or has ended the connection
     */
    void requireSilence() throws IOException {
        if (!transport.isSilent()) {
            throw new ProtocolException("an answer before the request");
        }
    }

    /** Sends a request and reads the answer. */
    Reply.Answered exchange(HttpCall call, Deadline deadline) throws IOException {
        usableUntil = Ages.NEVER;
        reader.forgetStatus();
        transport.deadline(deadline);
        transport.write(call.message());
        Reply.Answered answer = reader.read();
        if (call.keepAlive() && reader.keepsAlive()) {
            idle();
        }
        return answer;
    }

    /** Whether the status of the last request's answer was read. */
    boolean statusRead() {
        return reader.statusRead();
    }

    private void idle() {
        Duration limit = Ages.shorter(KEEP_ALIVE, reader.keepAliveTimeout());
        idleSince = clock.millis();
        usableUntil = idleSince + limit.toMillis();
    }

    @Override
    public void close() {
        transport.close();
    }
}
