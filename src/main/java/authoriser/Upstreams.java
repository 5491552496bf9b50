package authoriser;

import authoriser.http.Endpoint;
import authoriser.http.HttpSender;
import authoriser.time.Deadline;
import authoriser.token.Issuers;
import authoriser.validation.ServiceTokens;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Fetches the keys and a service token, and opens a connection to the validation service. */
final class Upstreams {
    private final Issuers issuers;
    private final ServiceTokens tokens;
    private final HttpSender http;
    private final Endpoint validationService;

    Upstreams(Issuers issuers, ServiceTokens tokens, HttpSender http, Endpoint validationService) {
        this.issuers = issuers;
        this.tokens = tokens;
        this.http = http;
        this.validationService = validationService;
    }

    /**
     * Does all three at the same time, until the deadline.
     *
     * @param meanwhile what the calling thread does at the same time
     */
    Readiness reach(Deadline deadline, Runnable meanwhile) {
        Map<String, Attempt> keys = new LinkedHashMap<>();
        for (String issuer : issuers.names()) {
            keys.put(issuer, new Attempt("keys", () -> issuers.prime(issuer, deadline)));
        }
        Attempt token = new Attempt("service-token", () -> tokens.prime(deadline));
        Attempt connection =
                new Attempt("connection", () -> http.prepare(validationService, deadline));
        meanwhile.run();
        Map<String, Optional<String>> problems = new LinkedHashMap<>();
        for (Map.Entry<String, Attempt> issuer : keys.entrySet()) {
            problems.put(issuer.getKey(), issuer.getValue().problem(deadline));
        }
        return new Readiness(problems, token.problem(deadline), connection.problem(deadline));
    }

    /** One attempt on its own daemon thread, which is not waited for after the deadline. */
    private static final class Attempt {
        private final AtomicReference<Optional<String>> problem =
                new AtomicReference<>(Optional.of("no answer in time"));
        private final Thread thread;

        Attempt(String name, Supplier<Optional<String>> work) {
            thread = new Thread(() -> problem.set(work.get()), "reach-" + name);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(
                    (failed, cause) -> problem.set(Optional.of(cause.getClass().getSimpleName())));
            thread.start();
        }

        Optional<String> problem(Deadline deadline) {
            int millis = deadline.remainingMillis();
            if (millis > 0) {
                try {
                    thread.join(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return problem.get();
        }
    }
}
