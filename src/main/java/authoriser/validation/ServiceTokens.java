package authoriser.validation;

import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.json.Json;
import authoriser.secrets.SecretSource;
import authoriser.timing.Ages;
import authoriser.timing.Backoff;
import authoriser.timing.Deadline;
import authoriser.timing.Errands;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Our tokens for the validation service, by the client-credentials grant (RFC 6749 section 4.4).
 *
 * <p>One token is kept and shared; a token in its first three quarters of life costs no lock. After
 * that a new one is fetched beside a request that still uses the old one. Fetches are made one at a
 * time, and a token endpoint that keeps failing is left alone for a while: its limit of 150
 * requests a second is the whole account's.
 */
public final class ServiceTokens {
    /** What RFC 6749 section 5.1 only recommends an answer to say. */
    private static final Duration LIFE_IF_NOT_TOLD = Duration.ofMinutes(5);

    private static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(10);

    /**
     * The least time between two tokens fetched because the service refused one, or one that takes
     * each only once would draw one with each request.
     */
    private static final Duration REPLACEMENT_INTERVAL = Duration.ofSeconds(1);

    /**
     * For how long no replacement may have been in vain for earlier ones to be forgotten. A token
     * that the service took is not enough: it may take it with one question and refuse it with the
     * next, and callers choose the questions.
     */
    private static final Duration PROBATION = Duration.ofMinutes(1);

    private final HttpSender sender;
    private final Config.Service service;
    private final SecretSource secrets;
    private final Errands errands;
    private final InstantSource clock;

    private final ReentrantLock fetching = new ReentrantLock();
    private final Backoff backoff = new Backoff(1);
    private final Backoff refusals = new Backoff(1);

    /** Written under {@link #fetching}. */
    private volatile @Nullable ServiceToken held;

    /** Written under {@link #fetching}. */
    private volatile long lastRenewal = Ages.NEVER;

    /** Written under {@link #fetching}. */
    private long lastReplacement = Ages.NEVER;

    /** Written under {@link #fetching}. */
    private volatile long lastInVain = Ages.NEVER;

    /** Written under {@link #fetching}. */
    private String lastFailure = "";

    /** A token, or why there is none. */
    sealed interface Lookup {
        /** A token to send. */
        record Found(ServiceToken token) implements Lookup {}

        /** No token; {@code detail} is for the log. */
        record Missing(String detail) implements Lookup {}
    }

    /** What the token endpoint came up with. */
    private sealed interface Fetched {
        record Token(ServiceToken token) implements Fetched {}

        record Failure(String detail) implements Fetched {}

        /** {@code invalid_client}: the secret may have been rotated. */
        record InvalidClient() implements Fetched {}
    }

    /** Makes an empty cache; fetches nothing yet. */
    public ServiceTokens(
            HttpSender sender,
            Config.Service service,
            SecretSource secrets,
            Errands errands,
            InstantSource clock) {
        this.sender = sender;
        this.service = service;
        this.secrets = secrets;
        this.errands = errands;
        this.clock = clock;
    }

    /**
     * Makes sure that there is a token, also ahead of the first request; a failure keeps no request
     * from trying. The limit of one call does not hold, because a first TLS handshake takes longer.
     *
     * @return what failed, for the log; empty if nothing did
     */
    public Optional<String> prime(Deadline deadline) {
        if (!lock(deadline)) {
            return Optional.of(timeOut().detail());
        }
        try {
            ServiceToken token = held;
            if (token != null && clock.millis() < token.usableUntil()) {
                return Optional.empty();
            }
            return fetch(deadline).isPresent() ? Optional.empty() : Optional.of(lastFailure);
        } finally {
            fetching.unlock();
        }
    }

    /** The token to send now. */
    Lookup current(Deadline deadline) {
        ServiceToken token = held;
        long now = clock.millis();
        if (token == null || now >= token.usableUntil()) {
            return fetched(deadline);
        }
        if (now >= token.renewAt()) {
            renewBeside(now, deadline);
        }
        return new Lookup.Found(token);
    }

    /**
     * Gives another token in place of one that the service refused, unless that is of no use. Until
     * there is another, the refused one is kept: it may have been refused for this question only.
     */
    Lookup replace(ServiceToken refused, Deadline deadline) {
        if (!lock(deadline)) {
            return timeOut();
        }
        try {
            if (refused.equals(held)) {
                long now = clock.millis();
                if (!refusals.allows(now)
                        || !Ages.elapsed(lastReplacement, now, REPLACEMENT_INTERVAL)) {
                    return new Lookup.Missing("the service refuses one token after the other");
                }
                Lookup fresh = fetchUnlessPausing(now, deadline);
                if (fresh instanceof Lookup.Found) {
                    lastReplacement = now;
                }
                return fresh;
            }
        } finally {
            fetching.unlock();
        }
        return current(deadline);
    }

    /**
     * Notes that the service refused the same question with a replacement, too. More of them help
     * neither, so the pauses between them grow.
     */
    void replacedInVain(Deadline deadline) {
        if (lock(deadline)) {
            try {
                lastInVain = clock.millis();
                refusals.failed(lastInVain);
            } finally {
                fetching.unlock();
            }
        }
    }

    /** Notes that the service took a token. */
    void accepted() {
        if (refusals.pending()
                && Ages.elapsed(lastInVain, clock.millis(), PROBATION)
                && fetching.tryLock()) {
            try {
                refusals.succeeded();
            } finally {
                fetching.unlock();
            }
        }
    }

    private Lookup fetched(Deadline deadline) {
        if (!lock(deadline)) {
            return timeOut();
        }
        try {
            ServiceToken token = held;
            long now = clock.millis();
            if (token != null && now < token.usableUntil()) {
                return new Lookup.Found(token); // another request has fetched it meanwhile
            }
            return fetchUnlessPausing(now, deadline);
        } finally {
            fetching.unlock();
        }
    }

    /** Called under {@link #fetching}. */
    private Lookup fetchUnlessPausing(long now, Deadline deadline) {
        if (!backoff.allows(now)) {
            return new Lookup.Missing(lastFailure);
        }
        Optional<ServiceToken> fresh = fetch(deadline.atMost(service.timeout()));
        if (fresh.isPresent()) {
            return new Lookup.Found(fresh.get());
        }
        backoff.failed(clock.millis());
        return new Lookup.Missing(lastFailure);
    }

    private void renewBeside(long now, Deadline deadline) {
        if (!Ages.elapsed(lastRenewal, now, RENEWAL_INTERVAL) || !fetching.tryLock()) {
            return;
        }
        try {
            if (!Ages.elapsed(lastRenewal, now, RENEWAL_INTERVAL)) {
                return; // another request was faster
            }
            lastRenewal = now;
        } finally {
            fetching.unlock();
        }
        errands.begin(deadline, "renew-service-token", () -> renew(deadline));
    }

    private void renew(Deadline deadline) {
        if (fetching.tryLock()) {
            try {
                fetch(deadline.atMost(service.timeout()));
            } finally {
                fetching.unlock();
            }
        }
    }

    /** Fetches a token and holds it; called under {@link #fetching}. */
    private Optional<ServiceToken> fetch(Deadline limit) {
        Fetched fetched = withSecret(secrets.current(limit), limit);
        if (fetched instanceof Fetched.InvalidClient && secrets.rereadable()) {
            fetched = withSecret(secrets.reread(limit), limit);
        }
        if (fetched instanceof Fetched.Token(ServiceToken token)) {
            held = token;
            backoff.succeeded();
            return Optional.of(token);
        }
        lastFailure =
                fetched instanceof Fetched.Failure(String detail)
                        ? detail
                        : name() + ": the client id or its secret is not accepted (invalid_client)";
        return Optional.empty();
    }

    private Fetched withSecret(SecretSource.Reading reading, Deadline limit) {
        return reading instanceof SecretSource.Reading.Read(Secret secret)
                ? request(secret, limit)
                : new Fetched.Failure(((SecretSource.Reading.Failed) reading).detail());
    }

    private Fetched request(Secret secret, Deadline limit) {
        long asked = clock.millis();
        String form = "grant_type=client_credentials";
        if (service.scope().isPresent()) {
            form += "&scope=" + encoded(service.scope().get());
        }
        HttpCall call =
                HttpCall.postOnce(service.tokenUrl())
                        .header("Authorization", "Basic " + credentials(secret))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .body(form.getBytes(StandardCharsets.US_ASCII));
        Reply reply = sender.send(call, limit);
        if (!(reply instanceof Reply.Answered(int status, byte[] body, _))) {
            return new Fetched.Failure(((Reply.Failed) reply).detail());
        }
        if (status == 200) {
            return token(body, asked);
        }
        return isInvalidClient(status, body)
                ? new Fetched.InvalidClient()
                : new Fetched.Failure(name() + ": the token endpoint's status is " + status);
    }

    /** RFC 6749 section 2.3.1: both are form-encoded before they are put together. */
    private String credentials(Secret secret) {
        String pair = encoded(service.clientId()) + ":" + encoded(secret.reveal());
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Fetched token(byte[] body, long asked) {
        var answer =
                new Object() {
                    String token = "";
                    String type = "";
                    Duration life = LIFE_IF_NOT_TOLD;
                };
        try {
            Json.readStrictly(
                    body,
                    (name, value) -> {
                        switch (name) {
                            case "access_token" -> answer.token = Json.string(value);
                            case "token_type" -> {
                                if (value.currentToken() != JsonToken.VALUE_NULL) {
                                    answer.type = Json.string(value);
                                }
                            }
                            case "expires_in" -> {
                                answer.life = life(value);
                                value.skipChildren();
                            }
                            default -> value.skipChildren();
                        }
                    });
        } catch (IOException e) {
            return new Fetched.Failure(
                    name() + ": the token endpoint's answer is not JSON as it should be");
        }
        boolean bearer = answer.type.isEmpty() || answer.type.equalsIgnoreCase("Bearer");
        if (!bearer || !isToken(answer.token)) {
            return new Fetched.Failure(
                    name() + ": the token endpoint's answer holds no bearer token");
        }
        return new Fetched.Token(ServiceToken.issued(answer.token, answer.life, asked));
    }

    /**
     * The life that an answer tells, a number for most and a string for some; one that no token can
     * have counts as not told, or every request would fetch a token.
     */
    private static Duration life(JsonParser value) throws IOException {
        JsonToken type = value.currentToken();
        if (type != JsonToken.VALUE_STRING && !type.isNumeric()) {
            return LIFE_IF_NOT_TOLD;
        }
        long seconds = (long) value.getValueAsDouble(0);
        return seconds <= 0 ? LIFE_IF_NOT_TOLD : Duration.ofSeconds(seconds);
    }

    /** Whether it can stand in a header: RFC 6750 section 2.1. */
    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= 0x20 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * RFC 6749 section 5.2: 401 for a refused Authorization header, else 400; Cognito sends 400.
     */
    private static boolean isInvalidClient(int status, byte[] body) {
        if (status != 400 && status != 401) {
            return false;
        }
        boolean[] found = new boolean[1];
        try {
            Json.readStrictly(
                    body,
                    (name, value) -> {
                        if (name.equals("error")) {
                            found[0] = "invalid_client".equals(value.getValueAsString());
                        }
                        value.skipChildren();
                    });
        } catch (IOException e) {
            return false;
        }
        return found[0];
    }

    private String name() {
        return service.tokenUrl().origin().authority();
    }

    private Lookup.Missing timeOut() {
        return new Lookup.Missing(name() + ": another fetch of a service token took all the time");
    }

    private boolean lock(Deadline deadline) {
        try {
            return fetching.tryLock(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
