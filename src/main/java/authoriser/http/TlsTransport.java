package authoriser.http;

import authoriser.timing.Deadline;
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
 * <p>The records are kept here and not in a provider's socket, so that it is known exactly what
 * came and was not taken in: also a part of a record.
 */
final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The most content of one record, RFC 8446 section 5.1. */
    private static final int LONGEST_CONTENT = 1 << 14;

    /** Reads of an idle connection, the last of which must find nothing. */
    private static final int IDLE_READS = 3;

    /** An alert and a farewell, and once more to find that nothing is left. */
    private static final int LAST_RECORDS = 3;

    private final TcpTransport tcp;
    private final SSLEngine engine;
    private final Deque<RecordBuffers> spare;
    private final FirstHandshake first;

    /** Absent after the end: another connection has them then. */
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
     * Does the handshake over a TCP connection; closes both if it fails.
     *
     * @param engine an engine of its own, as a client, with all that is demanded of the peer
     * @param spare buffers of connections that have ended, given back to at the end of this one
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

    /** At the peer's farewell ({@code close_notify}), -1. */
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
     * Whole records of TLS itself, such as session tickets, may have come. Content, a farewell, a
     * part of a record and the end of the TCP connection may not.
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

    /** Takes in the whole records that have come; false if one is no message of TLS itself. */
    private boolean takesInAll(RecordBuffers mine) throws IOException {
        while (mine.received.hasRemaining() && !mine.content.hasRemaining()) {
            SSLEngineResult result = unwrap(mine);
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                return true; // the rest of the record may be there
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
     * Says farewell as far as the system takes it without waiting, ends the TCP connection, and has
     * the engine free its native memory now. Otherwise that waits for a garbage collection.
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
            do { // a native engine is freed only when nothing is left to be sent
                mine.sent.clear();
                result = engine.wrap(NOTHING, mine.sent);
                mine.sent.flip();
                tcp.offer(mine.sent);
                records++;
            } while (result.bytesProduced() > 0 && records < LAST_RECORDS);
            engine.closeInbound();
        } catch (IOException | RuntimeException e) {
            // closed all the same
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

    /** Does what the engine asks for until it asks for nothing but records of the peer. */
    private HandshakeStatus respond(RecordBuffers mine, HandshakeStatus asked) throws IOException {
        HandshakeStatus status = asked;
        while (status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.NEED_TASK) {
            tcp.millisLeft(); // an engine that asks for ever is left at the deadline
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
     * Takes in one record, and waits for bytes where there is no whole one.
     *
     * @throws SocketException if the TCP connection ends without TLS's farewell: anybody on the way
     *     can bring that about, and the message would only seem to be whole (RFC 9112 section 9.8)
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
            tcp.millisLeft(); // as in respond
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
                throw new SocketException("ended without TLS's farewell");
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
