package authoriser.http;

import authoriser.timing.Deadline;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves host names within a deadline.
 *
 * <p>{@link InetAddress} has no time limit of its own and a silent name server holds it for longer
 * than an invocation may last, so names are looked up on a thread that can be left behind.
 */
final class Resolver {

    private Resolver() {}

    static InetAddress[] resolve(Endpoint.Origin origin, Deadline deadline)
            throws UnknownHostException, SocketTimeoutException {
        if (origin.loopback()) {
            return InetAddress.getAllByName(origin.host());
        }
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> lookUp(origin.host(), answer), "resolve");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new UnknownHostException();
        } catch (TimeoutException e) {
            throw new SocketTimeoutException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketTimeoutException();
        }
    }

    private static void lookUp(String host, CompletableFuture<InetAddress[]> answer) {
        try {
            answer.complete(InetAddress.getAllByName(host));
        } catch (UnknownHostException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }
}
