package authoriser.token;

import authoriser.http.Endpoint;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.timing.Ages;
import authoriser.timing.Backoff;
import authoriser.timing.Deadline;
import authoriser.timing.Errands;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One issuer's signing keys, kept for the life of the execution environment.
 *
 * <p>A known key costs no lock. Fetches are made one at a time, for the request that needs one or
 * beside one that does not; nothing is scheduled, because Lambda freezes the process between
 * invocations. Ages go by the wall clock, counted from when a set was asked for, so that a freeze
 * makes a set older and never younger than it is.
 */
final class KeyStore {
    /** A set of this age is renewed beside the next request that uses it. */
    static final Duration SOFT_AGE = Duration.ofMinutes(15);

    /**
     * A set of this age is renewed while the request waits: where requests are few and short, each
     * renewal beside one may be frozen half-way, and a key that was withdrawn would live on.
     */
    static final Duration OVERDUE_AGE = Duration.ofHours(1);

    /** A set of this age is not used any more. */
    static final Duration HARD_AGE = Duration.ofHours(24);

    /** The least time between two renewals tried beside requests. */
    static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(30);

    /**
     * The least time between two fetches for unknown key ids, and how long such a fetch counts as
     * current.
     */
    static final Duration FORCED_INTERVAL = Duration.ofSeconds(10);

    /** For how long a failed renewal is told of, while no other is tried: its keys are not used. */
    static final Duration FAILURE_TOLD = Duration.ofMinutes(10);

    /** RFC 7517 section 8.5.2, and what most issuers send. */
    private static final String MEDIA_TYPES = "application/jwk-set+json, application/json";

    private final HttpSender sender;
    private final Endpoint endpoint;
    private final Duration timeout;
    private final Errands errands;
    private final InstantSource clock;

    private final ReentrantLock fetching = new ReentrantLock();
    private final Backoff backoff = new Backoff(0);

    /** Written under {@link #fetching}. */
    private volatile @Nullable Snapshot held;

    /** Written under {@link #fetching}. */
    private volatile @Nullable Failure lastFailure;

    /** Written under {@link #fetching}. */
    private volatile long lastForced = Ages.NEVER;

    private volatile long lastRenewal = Ages.NEVER;

    /**
     * What the last fetch came to, if it failed.
     *
     * @param asked when it was begun
     * @param overdueTries how many in a row were begun while the set was overdue and failed
     */
    private record Failure(String detail, long asked, int overdueTries) {}

    private record Snapshot(KeySet set, long askedFor) {}

    KeyStore(
            HttpSender sender,
            Endpoint endpoint,
            Duration timeout,
            Errands errands,
            InstantSource clock) {
        this.sender = sender;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.errands = errands;
        this.clock = clock;
    }

    /** Looks a key up, fetching the set if that is needed and allowed. */
    KeyLookup find(String keyId, Deadline deadline) {
        Snapshot snapshot = held;
        long now = clock.millis();
        if (snapshot == null || tooOld(snapshot, now)) {
            return findInNewSet(keyId, deadline);
        }
        SigningKey key = snapshot.set.keys().get(keyId);
        if (key == null) {
            return findByForce(keyId, deadline);
        }
        if (Ages.elapsed(snapshot.askedFor, now, SOFT_AGE)) {
            renewBeside(snapshot, now, deadline);
        }
        return new KeyLookup.Found(key);
    }

    /**
     * Fetches the set, also ahead of the first request; a failure is only remembered, and keeps no
     * request from trying. The limit of one call does not hold, because a first TLS handshake takes
     * longer.
     *
     * @return what failed; empty if nothing did
     */
    Optional<String> prime(Deadline deadline) {
        if (!lock(deadline)) {
            return Optional.of("another fetch of the keys took all the time");
        }
        try {
            return fetch(deadline) ? Optional.empty() : Optional.of(unavailable().detail());
        } finally {
            fetching.unlock();
        }
    }

    /**
     * The set held, if it is overdue and cannot be renewed, as two tries have shown: one alone may
     * have been frozen half-way.
     */
    Optional<OverdueKeys> overdue() {
        Failure failure = lastFailure;
        Snapshot snapshot = held;
        if (failure == null || failure.overdueTries < 2 || snapshot == null) {
            return Optional.empty();
        }
        long now = clock.millis();
        return Ages.elapsed(failure.asked, now, FAILURE_TOLD)
                ? Optional.empty()
                : Optional.of(new OverdueKeys((now - snapshot.askedFor) / 1_000, failure.detail));
    }

    private static boolean tooOld(Snapshot snapshot, long now) {
        // a clock set back makes a set due for renewal, not unusable
        return now - snapshot.askedFor >= HARD_AGE.toMillis();
    }

    private KeyLookup findInNewSet(String keyId, Deadline deadline) {
        if (!lock(deadline)) {
            return new KeyLookup.Unavailable("another fetch of the keys took all the time");
        }
        try {
            Snapshot snapshot = held;
            long now = clock.millis();
            if (snapshot == null || tooOld(snapshot, now)) {
                if (!backoff.allows(now)) {
                    return unavailable();
                }
                if (!fetch(deadline.atMost(timeout))) {
                    backoff.failed(clock.millis());
                    return unavailable();
                }
                KeyLookup known = knownFromCurrentSet(keyId);
                return known == null ? unavailable() : known;
            }
        } finally {
            fetching.unlock();
        }
        return find(keyId, deadline); // another request has fetched the set meanwhile
    }

    /**
     * Looks for a key id that the held set has no key for: keys rotate unannounced, so the set may
     * have changed since.
     *
     * <p>One fetch is made in {@link #FORCED_INTERVAL}, whether it succeeds or not and however many
     * such tokens come; callers with known keys never wait here.
     */
    private KeyLookup findByForce(String keyId, Deadline deadline) {
        if (!forcedFetchDue(clock.millis()) && !fetching.isLocked()) {
            KeyLookup known = knownFromCurrentSet(keyId);
            if (known != null) {
                return known;
            }
        }
        if (!lock(deadline)) {
            return new KeyLookup.Unavailable("another fetch of the keys took all the time");
        }
        try {
            long now = clock.millis();
            if (forcedFetchDue(now)) {
                lastForced = now;
                if (!fetch(deadline.atMost(timeout))) {
                    return unavailable();
                }
            }
            KeyLookup known = knownFromCurrentSet(keyId);
            return known == null ? unavailable() : known;
        } finally {
            fetching.unlock();
        }
    }

    private boolean forcedFetchDue(long now) {
        return Ages.elapsed(lastForced, now, FORCED_INTERVAL);
    }

    /**
     * What the held set says, if it was fetched so lately that it may say no; else null. That it
     * cannot tell which key a key id means, it may say at any age.
     */
    private @Nullable KeyLookup knownFromCurrentSet(String keyId) {
        Snapshot snapshot = held;
        if (snapshot == null) {
            return null;
        }
        SigningKey key = snapshot.set.keys().get(keyId);
        if (key != null) {
            return new KeyLookup.Found(key);
        }
        if (snapshot.set.ambiguous().contains(keyId)) {
            return new KeyLookup.Unavailable(
                    endpoint.origin().authority() + ": different keys have the token's kid");
        }
        boolean current =
                lastFailure == null
                        && !Ages.elapsed(snapshot.askedFor, clock.millis(), FORCED_INTERVAL);
        return current ? new KeyLookup.Unknown() : null;
    }

    private void renewBeside(Snapshot old, long now, Deadline deadline) {
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
        boolean overdue = Ages.elapsed(old.askedFor, now, OVERDUE_AGE);
        errands.begin(deadline, "renew-keys", () -> renew(deadline), overdue);
    }

    private void renew(Deadline deadline) {
        if (fetching.tryLock()) {
            try {
                fetch(deadline.atMost(timeout));
            } finally {
                fetching.unlock();
            }
        }
    }

    /** Replaces the set whole, or keeps it and remembers why; called under {@link #fetching}. */
    private boolean fetch(Deadline limit) {
        long asked = clock.millis();
        Reply reply = sender.send(HttpCall.getOnce(endpoint, MEDIA_TYPES), limit);
        String detail =
                reply instanceof Reply.Answered(int status, byte[] body, _)
                        ? accept(status, body, asked)
                        : ((Reply.Failed) reply).detail();
        if (detail == null) {
            lastFailure = null;
            backoff.succeeded();
            return true;
        }
        lastFailure = new Failure(detail, asked, overdueTries(asked));
        return false;
    }

    /** The tries in a row on an overdue set, if the one begun at {@code asked} failed, too. */
    private int overdueTries(long asked) {
        Snapshot snapshot = held;
        if (snapshot == null || asked - snapshot.askedFor < OVERDUE_AGE.toMillis()) {
            return 0;
        }
        Failure before = lastFailure;
        return before == null ? 1 : before.overdueTries + 1;
    }

    /** Takes a set over; tells what is wrong with it otherwise. */
    private @Nullable String accept(int status, byte[] body, long asked) {
        if (status != 200) {
            return endpoint.origin().authority() + ": the keys' status is " + status;
        }
        try {
            held = new Snapshot(KeySet.read(body), asked);
            return null;
        } catch (IOException e) {
            return endpoint.origin().authority() + ": the keys are not a JWK Set with a usable key";
        }
    }

    private KeyLookup.Unavailable unavailable() {
        Failure failure = lastFailure;
        return new KeyLookup.Unavailable(
                failure == null ? "the keys are too old to tell" : failure.detail);
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
