package authoriser.token;

import authoriser.http.Endpoint;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.renewal.Renewal;
import authoriser.time.Ages;
import authoriser.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JWK Set of one issuer, kept for the life of the execution environment.
 *
 * <p>A lookup of a key that is held takes no lock. One fetch runs at a time: in a request that
 * cannot go on without it, or beside one that can ({@link Renewal}). Nothing is scheduled, because
 * Lambda freezes the process between invocations. Ages are measured by the wall clock, from the
 * moment when the set was requested. So a freeze can make a set older, and never younger than it
 * is. A clock that was set back makes a set OVERDUE. If a fetch fails then, the age of the set
 * counts as that of a set that has just become OVERDUE.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state<th>age<th>what is done<th>a lookup of a key in the set gets
 * <tr><td>EMPTY<td>no set yet<td>the request fetches, unless the pause after a failure is not over
 *     <td>Found, Unknown or Unavailable, after the fetch
 * <tr><td>FRESH<td>less than 15 minutes<td>nothing<td>Found
 * <tr><td>AGING<td>15 minutes to 1 hour<td>a renewal beside the request, every 30 seconds at most
 *     <td>Found; the answer waits up to 50 ms for the renewal
 * <tr><td>OVERDUE<td>1 to 24 hours<td>as AGING<td>Found; the answer waits for the renewal
 * <tr><td>EXPIRED<td>24 hours or more<td>as EMPTY<td>as EMPTY
 * </table>
 *
 * <table>
 * <caption>Events</caption>
 * <tr><th>event<th>what is done<th>the caller gets
 * <tr><td>a key id that is not in a FRESH, AGING or OVERDUE set<td>the request fetches, once in 10
 *     seconds, whether the fetch fails or not<td>Found or Unknown from a set fetched in the last 10 seconds;
 *     else Unavailable
 * <tr><td>a key id that the set gives to different keys<td>the same<td>Unavailable
 * <tr><td>a fetch succeeds<td>the set is replaced; the failure and the pause end<td>as FRESH
 * <tr><td>a fetch fails, or its task throws<td>the set stays, the failure is kept
 *     <td>known keys as before; for others Unavailable
 * <tr><td>the second failure in a row of an OVERDUE set<td>{@link #overdue} reports it for 10
 *     minutes<td>as before
 * </table>
 */
final class JwkSetCache {
    /** From this age on, a set is renewed beside a request that uses it. */
    static final Duration SOFT_AGE = Duration.ofMinutes(15);

    /**
     * From this age on, the request waits for the renewal before it answers. If requests are few
     * and short, Lambda may freeze each renewal before its end, and a withdrawn key would stay in
     * use.
     */
    static final Duration OVERDUE_AGE = Duration.ofHours(1);

    /** From this age on, a set is not used. */
    static final Duration HARD_AGE = Duration.ofHours(24);

    /** The least time between two renewals beside requests. */
    static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(30);

    /**
     * The least time between two fetches for unknown key ids. A set of less than this age is
     * current: it may say that a key id is unknown.
     */
    static final Duration FORCED_INTERVAL = Duration.ofSeconds(10);

    /** After this long without another try, a failed renewal is not reported any more. */
    static final Duration FAILURE_REPORTED = Duration.ofMinutes(10);

    /** RFC 7517 section 8.5.2, and what most issuers send. */
    private static final String MEDIA_TYPES = "application/jwk-set+json, application/json";

    private static final KeyLookup.Unavailable NO_TIME =
            new KeyLookup.Unavailable("another fetch of the keys lasted until the deadline");

    private final HttpSender sender;
    private final Endpoint endpoint;
    private final Duration timeout;
    private final InstantSource clock;
    private final Renewal<State> renewal;

    /** The states of the table above. */
    private enum Phase {
        EMPTY,
        FRESH,
        AGING,
        OVERDUE,
        EXPIRED
    }

    /**
     * A fetch that failed.
     *
     * @param begun when it began
     * @param overdueTries how many fetches in a row began while the set was overdue, and failed
     */
    private record Failure(String detail, long begun, int overdueTries) {}

    /**
     * What is known of the set at one moment.
     *
     * @param set the last good set; null before the first
     * @param askedFor when that set was requested
     * @param failure the last fetch, if it failed
     * @param forced when the last fetch for an unknown key id began
     */
    private record State(
            @Nullable JwkSet set, long askedFor, @Nullable Failure failure, long forced) {
        static final State EMPTY = new State(null, Ages.NEVER, null, Ages.NEVER);

        Phase phase(long now) {
            if (set == null) {
                return Phase.EMPTY;
            }
            if (!Ages.elapsed(askedFor, now, SOFT_AGE)) {
                return Phase.FRESH;
            }
            if (now - askedFor >= HARD_AGE.toMillis()) {
                return Phase.EXPIRED;
            }
            return Ages.elapsed(askedFor, now, OVERDUE_AGE) ? Phase.OVERDUE : Phase.AGING;
        }

        /** The key of this id; null if the set has none. */
        @Nullable VerificationKey key(String keyId) {
            return set == null ? null : set.keys().get(keyId);
        }

        boolean isAmbiguous(String keyId) {
            return set != null && set.ambiguous().contains(keyId);
        }

        /** Whether the set may say that a key id is unknown. */
        boolean isCurrent(long now) {
            return set != null && failure == null && !Ages.elapsed(askedFor, now, FORCED_INTERVAL);
        }

        boolean forcedFetchDue(long now) {
            return Ages.elapsed(forced, now, FORCED_INTERVAL);
        }

        KeyLookup.Unavailable unavailable() {
            return new KeyLookup.Unavailable(
                    failure == null
                            ? "the keys are too old to know whether the kid exists"
                            : failure.detail);
        }

        State fetched(JwkSet next, long begun) {
            return new State(next, begun, null, forced);
        }

        State failed(String detail, long begun) {
            long from = agesFrom(begun);
            boolean overdue = set != null && begun - from >= OVERDUE_AGE.toMillis();
            int before = failure == null ? 0 : failure.overdueTries;
            return new State(
                    set, from, new Failure(detail, begun, overdue ? before + 1 : 0), forced);
        }

        /**
         * From when the age of the set counts. After the clock was set back, the age is unknown. It
         * then counts as just overdue, so that it reaches the hard age.
         */
        private long agesFrom(long now) {
            return now < askedFor ? now - OVERDUE_AGE.toMillis() : askedFor;
        }

        State forcedAt(long now) {
            return new State(set, askedFor, failure, now);
        }
    }

    /** The renewals beside requests. */
    private final class Ahead implements Renewal.Source<State> {
        @Override
        public void fetch(Renewal.Permit<State> permit, Deadline deadline) {
            JwkSetCache.this.fetch(permit, deadline.atMost(timeout));
        }

        @Override
        public void failed(Renewal.Permit<State> permit, long begun, Throwable cause) {
            String detail = name() + ": the fetch of the keys threw " + cause.getClass().getName();
            permit.replace(permit.state().failed(detail, begun));
        }
    }

    /** Makes an empty cache; fetches nothing yet. */
    JwkSetCache(HttpSender sender, Endpoint endpoint, Duration timeout, InstantSource clock) {
        this.sender = sender;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.clock = clock;
        this.renewal = new Renewal<>("renew-keys", RENEWAL_INTERVAL, 0, State.EMPTY, new Ahead());
    }

    /** Looks a key up, and fetches the set if that is needed and allowed. */
    KeyLookup find(String keyId, Invocation invocation) {
        State state = renewal.state();
        long now = clock.millis();
        Phase phase = state.phase(now);
        if (phase == Phase.EMPTY || phase == Phase.EXPIRED) {
            return findInNewSet(keyId, invocation);
        }
        VerificationKey key = state.key(keyId);
        if (key == null) {
            return findByForce(keyId, invocation.deadline());
        }
        if (phase != Phase.FRESH) {
            renewal.renewAhead(invocation, now, phase == Phase.OVERDUE);
        }
        return new KeyLookup.Found(key);
    }

    /**
     * Fetches the set, also before the first request. A failure causes no pause. The limit of one
     * call does not apply, because a first TLS handshake takes longer.
     *
     * @return what failed; empty if nothing did
     */
    Optional<String> prime(Deadline deadline) {
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit == null) {
                return Optional.of(NO_TIME.detail());
            }
            return fetch(permit, deadline)
                    ? Optional.empty()
                    : Optional.of(permit.state().unavailable().detail());
        }
    }

    /**
     * The set held, if it is overdue and two renewals in a row have failed. One failure is not
     * enough, because Lambda may have frozen that renewal before its end.
     */
    Optional<OverdueKeys> overdue() {
        State state = renewal.state();
        Failure failure = state.failure;
        if (failure == null || failure.overdueTries < 2) {
            return Optional.empty();
        }
        long now = clock.millis();
        return Ages.elapsed(failure.begun, now, FAILURE_REPORTED)
                ? Optional.empty()
                : Optional.of(new OverdueKeys((now - state.askedFor) / 1_000, failure.detail));
    }

    private KeyLookup findInNewSet(String keyId, Invocation invocation) {
        Deadline deadline = invocation.deadline();
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit == null) {
                return NO_TIME;
            }
            long now = clock.millis();
            Phase phase = permit.state().phase(now);
            if (phase == Phase.EMPTY || phase == Phase.EXPIRED) {
                if (!permit.allows(now)) {
                    return permit.state().unavailable();
                }
                if (!fetch(permit, deadline.atMost(timeout))) {
                    permit.failed(clock.millis());
                    return permit.state().unavailable();
                }
                return answer(permit.state(), keyId);
            }
        }
        return find(keyId, invocation); // another request has fetched the set meanwhile
    }

    /**
     * Looks for a key id that is not in the set. Issuers publish new keys without notice, so the
     * issuer's set may have changed.
     *
     * <p>At most one fetch is made in {@link #FORCED_INTERVAL}, whether it fails or not and however
     * many such tokens arrive. Callers whose key is in the set never wait here.
     */
    private KeyLookup findByForce(String keyId, Deadline deadline) {
        if (!renewal.state().forcedFetchDue(clock.millis()) && !renewal.fetching()) {
            KeyLookup known = known(renewal.state(), keyId);
            if (known != null) {
                return known;
            }
        }
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit == null) {
                return NO_TIME;
            }
            long now = clock.millis();
            if (permit.state().forcedFetchDue(now)) {
                permit.replace(permit.state().forcedAt(now));
                if (!fetch(permit, deadline.atMost(timeout))) {
                    return permit.state().unavailable();
                }
            }
            return answer(permit.state(), keyId);
        }
    }

    private KeyLookup answer(State state, String keyId) {
        KeyLookup known = known(state, keyId);
        return known == null ? state.unavailable() : known;
    }

    /**
     * What the set has for a key id; null if it has no key of this id and is not current. An
     * ambiguous key id needs no current set.
     */
    private @Nullable KeyLookup known(State state, String keyId) {
        VerificationKey key = state.key(keyId);
        if (key != null) {
            return new KeyLookup.Found(key);
        }
        if (state.isAmbiguous(keyId)) {
            return new KeyLookup.Unavailable(name() + ": different keys have the token's kid");
        }
        return state.isCurrent(clock.millis()) ? new KeyLookup.Unknown() : null;
    }

    /** Fetches the set and replaces it, or keeps it and notes why the fetch failed. */
    private boolean fetch(Renewal.Permit<State> permit, Deadline limit) {
        long begun = clock.millis();
        Reply reply = sender.send(HttpCall.getOnce(endpoint, MEDIA_TYPES), limit);
        return switch (reply.kind()) {
            case ANSWERED -> answered(permit, (Reply.Answered) reply, begun);
            case FAILED -> failed(permit, ((Reply.Failed) reply).detail(), begun);
        };
    }

    private boolean answered(Renewal.Permit<State> permit, Reply.Answered answer, long begun) {
        if (answer.status() != 200) {
            return failed(permit, name() + ": the keys' status is " + answer.status(), begun);
        }
        try {
            permit.succeeded(permit.state().fetched(JwkSet.read(answer.body()), begun));
            return true;
        } catch (IOException e) {
            return failed(permit, name() + ": the keys are not a JWK Set with a usable key", begun);
        }
    }

    private static boolean failed(Renewal.Permit<State> permit, String detail, long begun) {
        permit.replace(permit.state().failed(detail, begun));
        return false;
    }

    private String name() {
        return endpoint.origin().authority();
    }
}
