package authoriser.http;

import java.nio.ByteBuffer;

/**
 * Buffers for one TLS record in each direction and for the content of a record.
 *
 * <p>They are outside the heap, because Conscrypt would otherwise copy each record there. They are
 * used again by a later connection, because memory outside the heap is freed only by a later
 * garbage collection. Before that, all three are emptied: nothing remains to be read.
 */
final class RecordBuffers {
    /** The longest record: RFC 5246 section 6.2.3; RFC 8446 section 5.2 allows less. */
    private static final int LONGEST_RECORD = 5 + (1 << 14) + (1 << 11);

    /** Bytes from the peer that the TLS engine has not processed yet. */
    final ByteBuffer received = ByteBuffer.allocateDirect(LONGEST_RECORD);

    /** The content of a record: of one that was received, or of the next one to send. */
    final ByteBuffer content = ByteBuffer.allocateDirect(LONGEST_RECORD);

    /** A record to send to the peer. */
    final ByteBuffer sent = ByteBuffer.allocateDirect(LONGEST_RECORD);

    RecordBuffers() {
        empty();
    }

    /** Forgets all content. */
    void empty() {
        received.position(0).limit(0);
        content.position(0).limit(0);
        sent.position(0).limit(0);
    }
}
