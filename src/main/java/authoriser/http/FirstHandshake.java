package authoriser.http;

/**
 * Whether a handshake was completed. Until then, only one thread at a time processes a record.
 *
 * <p>The JDK links its code for certificates when it reads and checks the first one. Several
 * handshakes at the same time, as at a start, would each do that work. No thread waits for a peer
 * while it holds the lock.
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
