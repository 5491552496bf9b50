package authoriser.http;

import authoriser.timing.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;

/** The bytes of one connection, in both directions; used by one thread at a time. */
interface Transport extends ResponseReader.Source, Closeable {

    /** Sets the moment by which every later operation must have ended. */
    void deadline(Deadline next);

    /** Writes a whole message. */
    void write(byte[] message) throws IOException;

    /**
     * Whether the connection is open and all that the peer has sent was read; asked without
     * waiting, and without regard to the deadline.
     *
     * @throws IOException if the connection is broken, or the peer ended it with an alert of TLS
     */
    boolean isSilent() throws IOException;

    /** The same, where a broken connection counts as one that is not silent. */
    default boolean silent() {
        try {
            return isSilent();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Where the peer is. */
    InetAddress address();

    /** Ends the connection and frees what it holds, at once and without waiting for the peer. */
    @Override
    void close();
}
