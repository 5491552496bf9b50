package authoriser.json;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of parsers and generators, kept by the thread that uses them.
 *
 * <p>Jackson keeps its own by thread, too, but uses atomic operations, which only buffers need that
 * threads share. A buffer that a large document has made long is not kept.
 */
final class Buffers extends BufferRecycler {
    /** The longest buffer that is kept: an event with a usual token fits. */
    static final int LONGEST = 16 * 1024;

    private static final int KINDS = 4;

    private final byte[] @Nullable [] bytes = new byte[KINDS][];
    private final char[] @Nullable [] chars = new char[KINDS][];

    private Buffers() {
        super(0, 0);
    }

    /** Where a parser or generator finds the buffers of its thread. */
    static final class Pool implements RecyclerPool<BufferRecycler> {
        @Serial private static final long serialVersionUID = 1;

        private static final ThreadLocal<Buffers> KEPT = new ThreadLocal<>();

        @Override
        public BufferRecycler acquireAndLinkPooled() {
            return acquirePooled(); // nothing is given back, so nothing need be linked
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

    /** Room for so many characters of a document's text. */
    char[] text(int length) {
        return allocCharBuffer(CHAR_TOKEN_BUFFER, length);
    }

    /** Takes back what {@link #text} gave. */
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
