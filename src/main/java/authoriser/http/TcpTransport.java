package authoriser.http;

import authoriser.time.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection whose operations end at the deadline, however slowly the peer reads or writes.
 *
 * <p>The channel does not block, and waits by its own selector. So a read without waiting has three
 * results: no bytes, some bytes, or the end of the connection. A socket's stream cannot distinguish
 * the first from the last.
 */
final class TcpTransport implements Transport {
    private static final int COPY_SIZE = 8 * 1024;

    /** Does nothing when the key is ready: the caller tries its operation again. */
    private static final Consumer<SelectionKey> READY =
            new Consumer<>() {
                @Override
                public void accept(SelectionKey ready) {}
            };

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final InetSocketAddress peer;
    private Deadline deadline;
    private int awaited = SelectionKey.OP_CONNECT;

    /** For arrays: a channel would copy them through its own buffer, which costs more. */
    private @Nullable ByteBuffer copy;

    private TcpTransport(
            SocketChannel channel, Selector selector, InetSocketAddress peer, Deadline deadline)
            throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.peer = peer;
        this.deadline = deadline;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = channel.register(selector, SelectionKey.OP_CONNECT);
    }

    /**
     * Connects to {@code peer} before {@code deadline}.
     *
     * @throws SocketTimeoutException if the peer does not accept the connection in time
     */
    static TcpTransport connect(InetSocketAddress peer, Deadline deadline) throws IOException {
        SocketChannel channel = SocketChannel.open();
        Selector selector;
        try {
            selector = Selector.open();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        try {
            TcpTransport transport = new TcpTransport(channel, selector, peer, deadline);
            boolean connected = channel.connect(peer);
            while (!connected) {
                transport.await(SelectionKey.OP_CONNECT);
                connected = channel.finishConnect();
            }
            return transport;
        } catch (IOException | RuntimeException e) {
            close(selector, channel);
            throw e;
        }
    }

    @Override
    public void deadline(Deadline next) {
        deadline = next;
    }

    @Override
    public void write(byte[] message) throws IOException {
        ByteBuffer part = copy();
        int from = 0;
        while (from < message.length) {
            int length = Math.min(message.length - from, part.capacity());
            part.clear();
            part.put(message, from, length);
            part.flip();
            write(part);
            from += length;
        }
    }

    /** Writes all that remains in a buffer. */
    void write(ByteBuffer bytes) throws IOException {
        writeNow(bytes);
        while (bytes.hasRemaining()) {
            await(SelectionKey.OP_WRITE);
            writeNow(bytes);
        }
    }

    /** Writes as much as is possible without waiting. */
    void offer(ByteBuffer bytes) {
        try {
            writeNow(bytes);
        } catch (IOException e) {
            // the connection is closed next
        }
    }

    private void writeNow(ByteBuffer bytes) throws IOException {
        try {
            channel.write(bytes);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer part = copy();
        part.clear();
        part.limit(Math.min(length, part.capacity()));
        int read = read(part);
        if (read > 0) {
            part.flip();
            part.get(bytes, offset, read);
        }
        return read;
    }

    /** Waits for bytes and reads them; -1 at the end of the connection. */
    int read(ByteBuffer into) throws IOException {
        int read;
        do {
            await(SelectionKey.OP_READ);
            read = readNow(into);
        } while (read == 0);
        return read;
    }

    /** Reads without waiting; 0 if there are no bytes, -1 at the end of the connection. */
    int readNow(ByteBuffer into) throws IOException {
        try {
            return channel.read(into);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public boolean isSilent() throws IOException {
        ByteBuffer part = copy();
        part.clear();
        return readNow(part) == 0;
    }

    @Override
    public InetAddress address() {
        return peer.getAddress();
    }

    @Override
    public void close() {
        close(selector, channel);
    }

    /** Closes the selector first: a channel that is registered with one stays half open. */
    private static void close(Selector selector, SocketChannel channel) {
        try (channel;
                selector) {
            // closed in reverse order
        } catch (IOException e) {
            // nothing more can be done
        }
    }

    /**
     * The time until the deadline.
     *
     * @throws SocketTimeoutException if the deadline has passed
     */
    int millisLeft() throws SocketTimeoutException {
        int millis = deadline.remainingMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return millis;
    }

    private ByteBuffer copy() {
        if (copy == null) {
            copy = ByteBuffer.allocateDirect(COPY_SIZE);
        }
        return copy;
    }

    private void await(int operation) throws IOException {
        int millis = millisLeft();
        if (awaited != operation) {
            key.interestOps(operation);
            awaited = operation;
        }
        selector.select(READY, millis);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException(); // every further wait would return at once
        }
    }

    /** Makes one kind of exception of all those by which channels report a broken connection. */
    private static SocketException broken(IOException e) {
        if (e instanceof SocketException known) {
            return known;
        }
        SocketException broken = new SocketException();
        broken.initCause(e);
        return broken;
    }
}
