package authoriser.json;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of parsers and generators, kept for each thread.
 *
 * <p>Jackson's own are kept for each thread as well, but with atomic operations, which are needed
 * only for buffers that several threads use. A buffer longer than {@link #LONGEST} is not kept.
 */
final class Buffers extends BufferRecycler {
    /** The longest buffer that is kept; an event with a token of usual length fits. */
    static final int LONGEST = 16 * 1024;

    private static final int KINDS = 4;

    private final byte[] @Nullable [] bytes = new byte[KINDS][];
    private final char[] @Nullable [] chars = new char[KINDS][];

    private Buffers() {
        super(0, 0);
    }

    /** Gives a parser or generator the buffers of its thread. */
    static final class Pool implements RecyclerPool<BufferRecycler> {
        @Serial private static final long serialVersionUID = 1;

        private static final ThreadLocal<Buffers> KEPT = new ThreadLocal<>();

        @Override
        public BufferRecycler acquireAndLinkPooled() {
            return acquirePooled(); // releasePooled does nothing, so no link is needed
        }

        @Override
        public Buffers acquirePooled() {
            Buffers buffers = KEPT.get();
            if (buffers == null) {
                buffers = new Buffers();
                KEPT.set(buffers);
            }
            return buffers;
        }

        @Override
        public void releasePooled(BufferRecycler buffers) {}
    }

    /** An array of at least this length, for a document's characters. */
    char[] text(int length) {
        return allocCharBuffer(CHAR_TOKEN_BUFFER, length);
    }

    /** Takes back an array of {@link #text}. */
    void releaseText(char[] text) {
        releaseCharBuffer(CHAR_TOKEN_BUFFER, text);
    }

    @Override
    public byte[] allocByteBuffer(int kind, int least) {
        byte[] kept = bytes[kind];
        bytes[kind] = null;
        int length = Math.max(least, byteBufferLength(kind));
        return kept == null || kept.length < length ? new byte[length] : kept;
    }

    @Override
    public void releaseByteBuffer(int kind, byte[] buffer) {
        if (buffer.length <= LONGEST) {
            bytes[kind] = buffer;
        }
    }

    @Override
    public char[] allocCharBuffer(int kind, int least) {
        char[] kept = chars[kind];
        chars[kind] = null;
        int length = Math.max(least, charBufferLength(kind));
        return kept == null || kept.length < length ? new char[length] : kept;
    }

    @Override
    public void releaseCharBuffer(int kind, char[] buffer) {
        if (buffer.length <= LONGEST) {
            chars[kind] = buffer;
        }
    }
}
