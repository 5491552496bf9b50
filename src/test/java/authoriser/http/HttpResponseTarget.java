package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.fuzzing.FuzzTarget;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes that a peer answers with. The first byte of an input says how many of the others arrive
 * together. If the connection is used again, the next answer must be read as it was sent.
 */
public final class HttpResponseTarget implements FuzzTarget {
    private static final byte[] NEXT =
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext".getBytes(StandardCharsets.US_ASCII);
    private static final HttpCall CALL =
            HttpCall.post(Endpoint.parse("https://peer.example.com/").orElseThrow())
                    .body(new byte[0]);

    private final ManualClock clock = ManualClock.anytime();

    @Override
    public void take(byte[] input) {
        if (input.length > 0) {
            answer(input);
        }
        assertReadsNext(new Played(Integer.MAX_VALUE, NEXT));
    }

    private void answer(byte[] input) {
        Played peer = new Played(1 + (input[0] & 0xff), Arrays.copyOfRange(input, 1, input.length));
        Connection connection = new Connection(peer, clock);
        try {
            Reply.Answered answer = exchange(connection);
            assertTrue(answer.status() >= 200 && answer.status() <= 599, "no final status");
            assertTrue(answer.body().length <= HttpClient.BODY_LIMIT, "a long body");
        } catch (IOException e) {
            return; // a failure, after which the connection is closed
        }
        if (!connection.usable() || !connection.silent()) {
            return;
        }
        peer.send(NEXT);
        assertReadsNext(connection);
    }

    /** The answer of another peer is read as it was sent. */
    private void assertReadsNext(Played peer) {
        assertReadsNext(new Connection(peer, clock));
    }

    private void assertReadsNext(Connection connection) {
        try {
            Reply.Answered next = exchange(connection);
            assertEquals(200, next.status());
            assertArrayEquals("next".getBytes(StandardCharsets.US_ASCII), next.body());
        } catch (IOException e) {
            throw new AssertionError("the next answer was not read", e);
        }
    }

    private Reply.Answered exchange(Connection connection) throws IOException {
        return connection.exchange(CALL, Deadline.inMillis(1_000, clock));
    }

    /** A peer whose bytes are all there, and then none. */
    private static final class Played implements Transport {
        private final int together;
        private byte[] bytes;
        private int position;

        Played(int together, byte[] bytes) {
            this.together = together;
            this.bytes = bytes;
        }

        void send(byte[] next) {
            bytes = next;
            position = 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = Math.min(Math.min(length, together), bytes.length - position);
            if (count == 0) {
                return -1;
            }
            System.arraycopy(bytes, position, target, offset, count);
            position += count;
            return count;
        }

        @Override
        public boolean isSilent() {
            return position == bytes.length;
        }

        @Override
        public void deadline(Deadline next) {
            // nothing takes time here
        }

        @Override
        public void write(byte[] message) {
            // the answer does not depend on it
        }

        @Override
        public InetAddress address() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
