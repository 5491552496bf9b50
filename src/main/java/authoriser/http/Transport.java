package authoriser.http;

import authoriser.time.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;

/** The bytes of one connection, in both directions; used by one thread at a time. */
interface Transport extends ResponseReader.Source, Closeable {

    /** Sets the deadline of all later operations. */
    void deadline(Deadline next);

    /** Writes a whole message. */
    void write(byte[] message) throws IOException;

    /**
     * Whether the connection is open and all that the peer has sent was read. Does not wait, and
     * ignores the deadline.
     *
     * @throws IOException if the connection is broken, or the peer ended it with a TLS alert
     */
    boolean isSilent() throws IOException;

    /** The same, but false for a broken connection. */
    default boolean silent() {
        try {
            return isSilent();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** The address of the peer. */
    InetAddress address();

    /** Ends the connection and frees its resources, without waiting for the peer. */
    @Override
    void close();
}
