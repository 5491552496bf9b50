package authoriser.http;

import authoriser.time.Deadline;
import authoriser.trust.PeerNames;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Resolves host names within a deadline.
 *
 * <p>{@link InetAddress} has no time limit. If a name server does not answer, it waits longer than
 * an invocation may take, so it is called on another thread.
 */
final class Resolver {

    private Resolver() {}

    /** The addresses of an origin's host, at least one. */
    static InetAddress[] resolve(Endpoint.Origin origin, Deadline deadline)
            throws UnknownHostException, SocketTimeoutException {
        if (origin.loopback() || PeerNames.isAddress(origin.host())) {
            return InetAddress.getAllByName(origin.host()); // no name server is asked
        }
        try {
            return TimeLimiter.call(
                    "resolve", deadline, () -> InetAddress.getAllByName(origin.host()));
        } catch (ExecutionException e) {
            throw new UnknownHostException();
        } catch (TimeoutException e) {
            throw new SocketTimeoutException();
        }
    }
}
