package authoriser.http;

import authoriser.timing.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A socket on which no read outlasts the deadline, however slowly the peer trickles.
 *
 * <p>{@link Socket#setSoTimeout} limits one read; a TLS record, a handshake or a header block takes
 * many. So the limit is set anew before each, also before those that a TLS layer on top makes.
 */
final class TimedSocket extends Socket {
    private final boolean tls;
    private volatile Deadline deadline;
    private volatile boolean waits = true;

    /**
     * Makes a socket that is not connected yet.
     *
     * @param tls whether TLS goes on top. Its end is then TLS's to tell: one that comes from TCP
     *     alone is a failure, because anybody on the way can bring it about, and JSSE would take it
     *     for the end of the answer (RFC 9112 section 9.8)
     */
    TimedSocket(Deadline deadline, boolean tls) {
        this.deadline = deadline;
        this.tls = tls;
    }

    void deadline(Deadline next) {
        deadline = next;
    }

    /**
     * Whether nothing has come that was not read yet, neither here nor in a layer on top; asked
     * without waiting.
     *
     * <p>Under TLS only a read can tell: it keeps the rest of a record that was not asked for yet,
     * and whole records that came together with one that was, and owns up to neither beforehand.
     *
     * @param top what would be read from next: this socket's input, or that of TLS on top
     */
    boolean silent(InputStream top) {
        waits = false;
        try {
            if (!tls) {
                return top.available() == 0;
            }
            top.read(); // whatever it is, even an end, nobody waits for it
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            waits = true;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new TimedInput(super.getInputStream());
    }

    private int millisLeft() throws SocketTimeoutException {
        int millis = deadline.remainingMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return millis;
    }

    private final class TimedInput extends InputStream {
        private final InputStream input;

        TimedInput(InputStream input) {
            this.input = input;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!waits && input.available() == 0) {
                throw new NothingThere();
            }
            setSoTimeout(millisLeft());
            int read = input.read(bytes, offset, length);
            if (read < 0 && tls) {
                throw new SocketException("ended without TLS's farewell");
            }
            return read;
        }

        @Override
        public int available() throws IOException {
            return input.available();
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }

    /** Says only that there was nothing to read, so where it was thrown is not looked up. */
    private static final class NothingThere extends SocketTimeoutException {
        @Serial private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
