package authoriser.http;

/**
 * Whether a handshake was completed. Until then, handshakes take in records one at a time.
 *
 * <p>The JDK links its code for certificates when a first one is read and checked. Handshakes that
 * run at the same time, as at a start, would each do that work. Nothing waits for a peer meanwhile.
 */
final class FirstHandshake {
    private volatile boolean completed;

    boolean isCompleted() {
        return completed;
    }

    void complete() {
        completed = true;
    }
}
