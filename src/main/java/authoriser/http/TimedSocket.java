package authoriser.http;

import authoriser.timing.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket on which no read outlasts the deadline, however slowly the peer trickles.
 *
 * <p>{@link Socket#setSoTimeout} limits one read; a TLS record, a handshake or a header block takes
 * many. So the limit is set anew before each, also before those that a TLS layer on top makes.
 */
final class TimedSocket extends Socket {
    private volatile Deadline deadline;

    TimedSocket(Deadline deadline) {
        this.deadline = deadline;
    }

    void deadline(Deadline next) {
        deadline = next;
    }

    /** Whether something has come that was not read yet; also when that cannot be told. */
    boolean hasInput() {
        try {
            return super.getInputStream().available() > 0;
        } catch (IOException e) {
            return true;
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
            setSoTimeout(millisLeft());
            return input.read(bytes, offset, length);
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
}
