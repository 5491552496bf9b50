package authoriser;

import authoriser.http.Endpoint;
import authoriser.http.HttpSender;
import authoriser.timing.Deadline;
import authoriser.token.Issuers;
import authoriser.validation.ServiceTokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Does in Lambda's INIT phase what the first request would wait for otherwise: keys, service token,
 * a connection to the validation service, and a first decision, rehearsed.
 *
 * <p>All at the same time and within a bound. Nothing that fails here is fatal: the first request
 * tries again.
 */
final class Priming {
    /** INIT may take 10 seconds; what is not ready by then is for the first request. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Issuers issuers;
    private final ServiceTokens tokens;
    private final HttpSender http;
    private final Endpoint validationService;
    private final InstantSource clock;

    Priming(
            Issuers issuers,
            ServiceTokens tokens,
            HttpSender http,
            Endpoint validationService,
            InstantSource clock) {
        this.issuers = issuers;
        this.tokens = tokens;
        this.http = http;
        this.validationService = validationService;
        this.clock = clock;
    }

    void run() {
        Deadline deadline = Deadline.in(LIMIT, clock);
        List<Thread> threads = new ArrayList<>();
        for (String issuer : issuers.names()) {
            threads.add(started("prime-keys", () -> issuers.prime(issuer, deadline)));
        }
        threads.add(started("prime-service-token", () -> tokens.prime(deadline)));
        threads.add(started("prime-connection", () -> http.prepare(validationService, deadline)));
        rehearse();
        for (Thread thread : threads) {
            join(thread, deadline);
        }
    }

    private void rehearse() {
        try {
            new Rehearsal(clock).run();
        } catch (RuntimeException e) {
            // the first request will meet the same and tell
        }
    }

    private static Thread started(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(
                (failed, cause) -> {}); // nothing that fails here is fatal
        thread.start();
        return thread;
    }

    private static void join(Thread thread, Deadline deadline) {
        int millis = deadline.remainingMillis();
        if (millis > 0) {
            try {
                thread.join(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
