package authoriser.http;

import authoriser.timing.Ages;
import authoriser.timing.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;

/** One connection, used by one request at a time. */
final class Connection implements Closeable {
    /** Load balancers close idle connections after 60 seconds as a rule, so ours end sooner. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(50);

    private final Transport transport;
    private final ResponseReader reader;
    private final InstantSource clock;

    /** In milliseconds since 1970, as the next. */
    private long idleSince;

    private long usableUntil;

    Connection(Transport transport, InstantSource clock) {
        this.transport = transport;
        this.reader = new ResponseReader(transport);
        this.clock = clock;
        idle();
    }

    /** Where the peer is. */
    InetAddress address() {
        return transport.address();
    }

    /**
     * Whether it may be used again: the last answer left it open, and it has not been idle for too
     * long; nor was the clock set back, after which that is not known.
     */
    boolean usable() {
        long now = clock.millis();
        return idleSince <= now && now < usableUntil;
    }

    /**
     * Whether nothing has come since the last answer and the connection is open. What comes without
     * being asked for belongs to no request, and must not be taken for the next answer.
     */
    boolean silent() {
        return transport.silent();
    }

    /**
     * Makes sure that the peer has said nothing on a new connection.
     *
     * @throws IOException if it has, or has ended the connection
     */
    void requireSilence() throws IOException {
        if (!transport.isSilent()) {
            throw new ProtocolException("an answer before the question");
        }
    }

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
        Duration limit = KEEP_ALIVE;
        Duration peers = reader.keepAliveTimeout();
        if (peers.compareTo(limit) < 0) {
            limit = peers;
        }
        idleSince = clock.millis();
        usableUntil = idleSince + limit.toMillis();
    }

    @Override
    public void close() {
        transport.close();
    }
}
