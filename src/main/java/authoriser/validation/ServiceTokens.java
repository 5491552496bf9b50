package authoriser.validation;

import authoriser.config.Config;
import authoriser.http.HttpSender;
import authoriser.invocation.Invocation;
import authoriser.renewal.Renewal;
import authoriser.secrets.SecretSource;
import authoriser.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one service token and shares it between requests.
 *
 * <p>Using a token takes no lock. One fetch runs at a time: in a request that cannot go on without
 * it, or beside one that can ({@link Renewal}). Cognito allows 150 token requests a second for the
 * whole AWS account, so fetches pause after failures.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state<th>age<th>what is done<th>a request gets
 * <tr><td>EMPTY<td>no token yet<td>the request fetches, unless the pause after failures is not over
 *     <td>the new token, or Missing
 * <tr><td>FRESH<td>the first three quarters of the token's life<td>nothing<td>the token
 * <tr><td>AGING<td>from then on; also after the clock was set back
 *     <td>a renewal beside the request, every 10 seconds at most<td>the token; the answer waits up to 50 ms for the renewal
 * <tr><td>EXPIRED<td>from 10 seconds, or a tenth of the life, before the end<td>as EMPTY<td>as EMPTY
 * </table>
 *
 * <table>
 * <caption>Events</caption>
 * <tr><th>event<th>what is done<th>the request gets
 * <tr><td>a fetch succeeds<td>the token is replaced; the pause ends<td>as FRESH
 * <tr><td>a fetch fails, or its task throws<td>the token stays; the second failure in a row of
 *     fetches that requests wait for causes a pause<td>the token until it is EXPIRED, then Missing
 * <tr><td>the service refuses the token<td>it is replaced, once in a second at most
 *     ({@link TokenRefusals})<td>the new token, or Missing
 * <tr><td>the service refuses an older token<td>nothing<td>as for the state
 * <tr><td>the service refuses the new token, too<td>the pauses between replacements grow
 *     <td>nothing more
 * <tr><td>the service accepts a token<td>refusals more than a minute ago are forgotten<td>nothing more
 * </table>
 */
public final class ServiceTokens {
    private static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(10);

    private final TokenEndpoint endpoint;
    private final Duration timeout;
    private final InstantSource clock;
    private final Renewal<State> renewal;

    /** A token, or why there is none. */
    sealed interface Lookup {
        /** The kind of this lookup; a {@code switch} over it is checked for missing cases. */
        Kind kind();

        /** The kinds of lookups, one for each of the types below. */
        enum Kind {
            FOUND,
            MISSING
        }

        /** A token to send. */
        record Found(ServiceToken token) implements Lookup {
            @Override
            public Kind kind() {
                return Kind.FOUND;
            }
        }

        /** No token; {@code detail} is for the log. */
        record Missing(String detail) implements Lookup {
            @Override
            public Kind kind() {
                return Kind.MISSING;
            }
        }
    }

    /** The states of the table above. */
    private enum Phase {
        EMPTY,
        FRESH,
        AGING,
        EXPIRED
    }

    /**
     * What is known at one moment.
     *
     * @param token the last token; null before the first
     * @param failure why the last fetch failed; empty if it did not
     */
    private record State(@Nullable ServiceToken token, String failure, TokenRefusals refusals) {
        static final State EMPTY = new State(null, "", TokenRefusals.NONE);

        Phase phase(long now) {
            if (token == null) {
                return Phase.EMPTY;
            }
            if (now >= token.usableUntil()) {
                return Phase.EXPIRED;
            }
            return token.renewalDue(now) ? Phase.AGING : Phase.FRESH;
        }

        /** The token, if it may be sent; else null. */
        @Nullable ServiceToken usable(long now) {
            return phase(now) == Phase.EXPIRED ? null : token;
        }

        Lookup.Missing missing() {
            return new Lookup.Missing(failure);
        }

        State fetched(ServiceToken next) {
            return new State(next, "", refusals);
        }

        State failed(String detail) {
            return new State(token, detail, refusals);
        }

        State with(TokenRefusals next) {
            return new State(token, failure, next);
        }
    }

    /** The renewals beside requests. */
    private final class Ahead implements Renewal.Source<State> {
        @Override
        public void fetch(Renewal.Permit<State> permit, Deadline deadline) {
            ServiceTokens.this.fetch(permit, deadline.atMost(timeout));
        }

        @Override
        public void failed(Renewal.Permit<State> permit, long begun, Throwable cause) {
            String detail =
                    endpoint.name()
                            + ": the fetch of a service token threw "
                            + cause.getClass().getName();
            permit.replace(permit.state().failed(detail));
        }
    }

    /** Makes an empty cache; fetches nothing yet. */
    public ServiceTokens(
            HttpSender sender, Config.Service service, SecretSource secrets, InstantSource clock) {
        this.endpoint = new TokenEndpoint(sender, service, secrets, clock);
        this.timeout = service.timeout();
        this.clock = clock;
        this.renewal =
                new Renewal<>("renew-service-token", RENEWAL_INTERVAL, 1, State.EMPTY, new Ahead());
    }

    /**
     * Makes sure that there is a token, also before the first request. A failure causes no pause.
     * The limit of one call does not apply, because a first TLS handshake takes longer.
     *
     * @return what failed, for the log; empty if nothing did
     */
    public Optional<String> prime(Deadline deadline) {
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit == null) {
                return Optional.of(noTime().detail());
            }
            return permit.state().usable(clock.millis()) != null
                            || fetch(permit, deadline).kind() == Lookup.Kind.FOUND
                    ? Optional.empty()
                    : Optional.of(permit.state().failure);
        }
    }

    /** The token to send now. */
    Lookup current(Invocation invocation) {
        State state = renewal.state();
        long now = clock.millis();
        Phase phase = state.phase(now);
        ServiceToken token = state.token;
        if (token == null || phase == Phase.EXPIRED) {
            return fetched(invocation.deadline());
        }
        if (phase == Phase.AGING) {
            renewal.renewAhead(invocation, now, false);
        }
        return new Lookup.Found(token);
    }

    /**
     * The token to send instead of one that the service refused. The refused token is kept until
     * there is another one, because the service may refuse it with this question only.
     */
    Lookup replace(ServiceToken refused, Invocation invocation) {
        Deadline deadline = invocation.deadline();
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit == null) {
                return noTime();
            }
            State state = permit.state();
            if (refused.equals(state.token)) {
                long now = clock.millis();
                if (!state.refusals.allowReplacement(now)) {
                    return new Lookup.Missing("the service refuses each new token");
                }
                Lookup fresh = fetchUnlessPausing(permit, now, deadline);
                if (fresh.kind() == Lookup.Kind.FOUND) {
                    State replaced = permit.state();
                    permit.replace(replaced.with(replaced.refusals.replacedAt(now)));
                }
                return fresh;
            }
        }
        return current(invocation);
    }

    /** Reports that the service refused the same question with the new token as well. */
    void replacementRefused(Deadline deadline) {
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit != null) {
                State state = permit.state();
                permit.replace(state.with(state.refusals.replacementRefusedAt(clock.millis())));
            }
        }
    }

    /** Reports that the service accepted a token. */
    void accepted() {
        if (renewal.state().refusals.canBeForgotten(clock)) {
            forgetRefusals();
        }
    }

    private void forgetRefusals() {
        try (Renewal.Permit<State> permit = renewal.tryAcquire()) {
            if (permit != null) {
                State state = permit.state();
                permit.replace(state.with(state.refusals.forgotten()));
            }
        }
    }

    private Lookup fetched(Deadline deadline) {
        try (Renewal.Permit<State> permit = renewal.acquire(deadline)) {
            if (permit == null) {
                return noTime();
            }
            long now = clock.millis();
            ServiceToken token = permit.state().usable(now);
            return token == null
                    ? fetchUnlessPausing(permit, now, deadline)
                    : new Lookup.Found(token); // another request has fetched it meanwhile
        }
    }

    private Lookup fetchUnlessPausing(Renewal.Permit<State> permit, long now, Deadline deadline) {
        if (!permit.allows(now)) {
            return permit.state().missing();
        }
        Lookup fresh = fetch(permit, deadline.atMost(timeout));
        if (fresh.kind() == Lookup.Kind.MISSING) {
            permit.failed(clock.millis());
        }
        return fresh;
    }

    /** Fetches a token and replaces the old one, or keeps the old one and records the failure. */
    private Lookup fetch(Renewal.Permit<State> permit, Deadline limit) {
        TokenEndpoint.Answer answer = endpoint.request(limit);
        return switch (answer.kind()) {
            case ISSUED -> {
                ServiceToken token = ((TokenEndpoint.Answer.Issued) answer).token();
                permit.succeeded(permit.state().fetched(token));
                yield new Lookup.Found(token);
            }
            case FAILED -> {
                String detail = ((TokenEndpoint.Answer.Failed) answer).detail();
                permit.replace(permit.state().failed(detail));
                yield permit.state().missing();
            }
        };
    }

    private Lookup.Missing noTime() {
        return new Lookup.Missing(
                endpoint.name() + ": another fetch of a service token lasted until the deadline");
    }
}
