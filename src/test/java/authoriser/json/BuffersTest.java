package authoriser.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.core.util.BufferRecycler;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class BuffersTest {
    private static final int BYTES = BufferRecycler.BYTE_WRITE_ENCODING_BUFFER;
    private static final int CHARS = BufferRecycler.CHAR_TEXT_BUFFER;

    private final Buffers.Pool pool = new Buffers.Pool();
    private final BufferRecycler buffers = pool.acquireAndLinkPooled();

    @Test
    void returnAReleasedBufferAgain() {
        byte[] bytes = buffers.allocByteBuffer(BYTES);
        char[] chars = buffers.allocCharBuffer(CHARS);

        buffers.releaseByteBuffer(BYTES, bytes);
        buffers.releaseCharBuffer(CHARS, chars);

        assertSame(bytes, buffers.allocByteBuffer(BYTES));
        assertSame(chars, buffers.allocCharBuffer(CHARS));
    }

    @Test
    void doNotReturnABufferInUse() {
        assertNotSame(buffers.allocByteBuffer(BYTES), buffers.allocByteBuffer(BYTES));
        assertNotSame(buffers.allocCharBuffer(CHARS), buffers.allocCharBuffer(CHARS));
    }

    @Test
    void doNotReturnABufferThatIsTooShort() {
        buffers.releaseByteBuffer(BYTES, buffers.allocByteBuffer(BYTES));
        buffers.releaseCharBuffer(CHARS, buffers.allocCharBuffer(CHARS));

        assertEquals(100_000, buffers.allocByteBuffer(BYTES, 100_000).length);
        assertEquals(100_000, buffers.allocCharBuffer(CHARS, 100_000).length);
    }

    @Test
    void doNotKeepABufferOfALargeDocument() {
        byte[] bytes = buffers.allocByteBuffer(BYTES, Buffers.LONGEST + 1);
        char[] chars = buffers.allocCharBuffer(CHARS, Buffers.LONGEST + 1);

        buffers.releaseByteBuffer(BYTES, bytes);
        buffers.releaseCharBuffer(CHARS, chars);

        assertNotSame(bytes, buffers.allocByteBuffer(BYTES));
        assertNotSame(chars, buffers.allocCharBuffer(CHARS));
    }

    @Test
    void keepTheLongestBuffer() {
        byte[] bytes = buffers.allocByteBuffer(BYTES, Buffers.LONGEST);
        char[] chars = buffers.allocCharBuffer(CHARS, Buffers.LONGEST);

        buffers.releaseByteBuffer(BYTES, bytes);
        buffers.releaseCharBuffer(CHARS, chars);

        assertSame(bytes, buffers.allocByteBuffer(BYTES));
        assertSame(chars, buffers.allocCharBuffer(CHARS));
    }

    @Test
    void areTheSameForOneThread() {
        assertSame(buffers, pool.acquireAndLinkPooled());
    }

    @Test
    void areDifferentForAnotherThread() throws Exception {
        FutureTask<BufferRecycler> others = new FutureTask<>(pool::acquireAndLinkPooled);
        Thread thread = new Thread(others);
        thread.start();

        assertNotSame(buffers, others.get());
        thread.join();
    }
}
