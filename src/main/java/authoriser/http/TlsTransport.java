package authoriser.http;

import authoriser.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Deque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a TCP connection, by an engine of either provider.
 *
 * <p>The bytes received are kept here, and not in a provider's socket, so that unprocessed ones are
 * found even if they are only a part of a record.
 */
final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The most content of one record, RFC 8446 section 5.1. */
    private static final int LONGEST_CONTENT = 1 << 14;

    /** How often an idle connection is read at most; the last read must find no bytes. */
    private static final int IDLE_READS = 3;

    /** Another alert, {@code close_notify}, and one more try that finds nothing left to send. */
    private static final int LAST_RECORDS = 3;

    private final TcpTransport tcp;
    private final SSLEngine engine;
    private final Deque<RecordBuffers> spare;
    private final FirstHandshake first;

    /** Null after the end, because another connection may use them then. */
    private @Nullable RecordBuffers buffers;

    private TlsTransport(
            TcpTransport tcp, SSLEngine engine, Deque<RecordBuffers> spare, FirstHandshake first) {
        this.tcp = tcp;
        this.engine = engine;
        this.spare = spare;
        this.first = first;
        RecordBuffers used = spare.pollFirst();
        this.buffers = used == null ? new RecordBuffers() : used;
    }

    /**
     * Does the handshake over a TCP connection, and closes the connection if it fails.
     *
     * @param engine a new engine in client mode, with all demands on the peer
     * @param spare buffers of connections that have ended; this one returns its own at its end
     * @param first shared by all handshakes of an SSL context
     */
    static TlsTransport over(
            TcpTransport tcp, SSLEngine engine, Deque<RecordBuffers> spare, FirstHandshake first)
            throws IOException {
        TlsTransport transport = new TlsTransport(tcp, engine, spare, first);
        try {
            transport.handshake();
            first.complete();
            return transport;
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    @Override
    public void deadline(Deadline next) {
        tcp.deadline(next);
    }

    @Override
    public void write(byte[] message) throws IOException {
        RecordBuffers mine = buffers();
        int from = 0;
        while (from < message.length) {
            int part = Math.min(message.length - from, LONGEST_CONTENT);
            mine.content.clear();
            mine.content.put(message, from, part);
            mine.content.flip();
            while (mine.content.hasRemaining()) {
                int before = mine.content.remaining();
                SSLEngineResult result = send(mine, mine.content);
                if (result.bytesProduced() == 0 && mine.content.remaining() == before) {
                    throw new SSLException("nothing can be sent");
                }
            }
            from += part;
        }
    }

    /** Returns -1 when the peer has sent {@code close_notify}. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        RecordBuffers mine = buffers();
        while (!mine.content.hasRemaining()) {
            SSLEngineResult result = takeRecord(mine);
            if (result.getStatus() == Status.CLOSED) {
                return -1;
            }
            respond(mine, result.getHandshakeStatus());
        }
        int part = Math.min(length, mine.content.remaining());
        mine.content.get(bytes, offset, part);
        return part;
    }

    /**
     * True also if whole records of TLS itself came, such as session tickets. False after content,
     * {@code close_notify}, a part of a record, or the end of the TCP connection.
     */
    @Override
    public boolean isSilent() throws IOException {
        RecordBuffers mine = buffers();
        for (int i = 0; i < IDLE_READS; i++) {
            if (!takesInAll(mine)) {
                return false;
            }
            mine.received.compact();
            int read = -1;
            try {
                read = tcp.readNow(mine.received);
            } finally {
                mine.received.flip();
            }
            if (read <= 0) {
                return read == 0 && !mine.received.hasRemaining();
            }
        }
        return false;
    }

    /** Processes the whole records received; false if one is not a message of TLS itself. */
    private boolean takesInAll(RecordBuffers mine) throws IOException {
        while (mine.received.hasRemaining() && !mine.content.hasRemaining()) {
            SSLEngineResult result = unwrap(mine);
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                return true; // the rest of the record may have come
            }
            if (result.getStatus() != Status.OK || !ended(result.getHandshakeStatus())) {
                return false;
            }
        }
        return !mine.content.hasRemaining();
    }

    @Override
    public InetAddress address() {
        return tcp.address();
    }

    /**
     * Sends {@code close_notify} if that is possible without waiting, ends the TCP connection, and
     * makes the engine free its native memory. Otherwise a garbage collection would free it later.
     */
    @Override
    public void close() {
        RecordBuffers mine = buffers;
        if (mine == null) {
            return;
        }
        buffers = null;
        try (tcp) {
            engine.closeOutbound();
            SSLEngineResult result;
            int records = 0;
            do { // a native engine frees its memory only when nothing is left to send
                mine.sent.clear();
                result = engine.wrap(NOTHING, mine.sent);
                mine.sent.flip();
                tcp.offer(mine.sent);
                records++;
            } while (result.bytesProduced() > 0 && records < LAST_RECORDS);
            engine.closeInbound();
        } catch (IOException | RuntimeException e) {
            // nothing more can be done
        } finally {
            mine.empty();
            spare.addFirst(mine);
        }
    }

    private void handshake() throws IOException {
        RecordBuffers mine = buffers();
        engine.beginHandshake();
        HandshakeStatus status = respond(mine, engine.getHandshakeStatus());
        while (!ended(status)) {
            SSLEngineResult result = takeRecord(mine);
            if (result.getStatus() == Status.CLOSED) {
                throw new SocketException("ended during the handshake");
            }
            status = respond(mine, result.getHandshakeStatus());
        }
    }

    private static boolean ended(HandshakeStatus status) {
        return status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED;
    }

    /** Does what the engine asks for, until it needs a record of the peer or has finished. */
    private HandshakeStatus respond(RecordBuffers mine, HandshakeStatus asked) throws IOException {
        HandshakeStatus status = asked;
        while (status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.NEED_TASK) {
            tcp.millisLeft(); // ends the loop at the deadline
            if (status == HandshakeStatus.NEED_WRAP) {
                status = send(mine, NOTHING).getHandshakeStatus();
            } else {
                Runnable task = engine.getDelegatedTask();
                while (task != null) {
                    task.run();
                    task = engine.getDelegatedTask();
                }
                status = engine.getHandshakeStatus();
            }
        }
        return status;
    }

    private SSLEngineResult send(RecordBuffers mine, ByteBuffer content) throws IOException {
        mine.sent.clear();
        SSLEngineResult result = engine.wrap(content, mine.sent);
        mine.sent.flip();
        tcp.write(mine.sent);
        if (result.getStatus() != Status.OK) {
            throw new SSLException("nothing can be sent");
        }
        return result;
    }

    /**
     * Processes one record, or waits for more bytes if there is no whole one.
     *
     * @throws SocketException if the TCP connection ends without {@code close_notify}: an attacker
     *     on the network can end it, so that a part of a message seems complete (RFC 9112 section
     *     9.8)
     */
    private SSLEngineResult takeRecord(RecordBuffers mine) throws IOException {
        if (!mine.received.hasRemaining()) {
            receive(mine);
        }
        SSLEngineResult result = unwrap(mine);
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            receive(mine);
        } else if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record that is too long");
        } else if (result.bytesConsumed() == 0) {
            tcp.millisLeft(); // ends the caller's loop at the deadline
        }
        return result;
    }

    private SSLEngineResult unwrap(RecordBuffers mine) throws IOException {
        mine.content.clear();
        try {
            if (first.isCompleted()) {
                return engine.unwrap(mine.received, mine.content);
            }
            synchronized (first) {
                return engine.unwrap(mine.received, mine.content);
            }
        } finally {
            mine.content.flip();
        }
    }

    private void receive(RecordBuffers mine) throws IOException {
        if (mine.received.remaining() == mine.received.capacity()) {
            throw new SSLException("a record that is too long");
        }
        mine.received.compact();
        try {
            if (tcp.read(mine.received) < 0) {
                throw new SocketException("ended without a TLS alert");
            }
        } finally {
            mine.received.flip();
        }
    }

    private RecordBuffers buffers() throws IOException {
        if (buffers == null) {
            throw new SocketException("closed");
        }
        return buffers;
    }
}
