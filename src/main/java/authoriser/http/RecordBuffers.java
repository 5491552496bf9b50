package authoriser.http;

import java.nio.ByteBuffer;

/**
 * Room for one TLS record in each direction and for its content.
 *
 * <p>Outside the heap, since Conscrypt would make a copy there otherwise; and used again after a
 * connection has ended, since memory outside the heap is freed only by a later garbage collection.
 * All three are empty while they wait, and empty means that nothing remains to be read.
 */
final class RecordBuffers {
    /** The longest record: RFC 5246 section 6.2.3; RFC 8446 section 5.2 allows less. */
    private static final int LONGEST_RECORD = 5 + (1 << 14) + (1 << 11);

    /** Records from the peer that TLS has not taken in yet. */
    final ByteBuffer received = ByteBuffer.allocateDirect(LONGEST_RECORD);

    /** The content of a record: of one that came, or of the next one to go. */
    final ByteBuffer content = ByteBuffer.allocateDirect(LONGEST_RECORD);

    /** A record for the peer. */
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
