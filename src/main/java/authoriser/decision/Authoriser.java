package authoriser.decision;

import authoriser.event.AccessRequest;
import authoriser.reason.Reason;
import authoriser.timing.Invocation;
import authoriser.token.BearerToken;
import authoriser.token.TokenVerifier;
import authoriser.token.Verification;
import authoriser.token.VerifiedToken;
import authoriser.validation.ValidationClient;
import authoriser.validation.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Decides on a request: checks the token first, then the headers, then asks the validation service.
 *
 * <p>So a caller without a good token learns nothing about the headers, and the service is asked
 * about verified callers only.
 */
public final class Authoriser {
    /** How long an answer waits for the renewals that ran beside the decision. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final TokenVerifier verifier;
    private final ValidationClient validation;

    /** Makes an authoriser of its parts. */
    public Authoriser(TokenVerifier verifier, ValidationClient validation) {
        this.verifier = verifier;
        this.validation = validation;
    }

    /** Decides on a request within the invocation's deadline. */
    public Decision decide(AccessRequest request, Invocation invocation) {
        try {
            return request.credential()
                    .match(
                            bearer -> withToken(bearer.token(), request, invocation),
                            absent -> new Decision.Unauthenticated(Reason.TOKEN_MISSING),
                            ambiguous -> ambiguous(Optional.empty(), "Authorization"));
        } finally {
            invocation.collectErrands(PATIENCE);
        }
    }

    private Decision withToken(BearerToken token, AccessRequest request, Invocation invocation) {
        long start = System.nanoTime();
        Verification verification = verifier.verify(token, invocation);
        invocation.spent(Invocation.Stage.TOKEN, start);
        if (verification instanceof Verification.Verified(VerifiedToken verified)) {
            return withCaller(verified, request, invocation);
        }
        if (verification instanceof Verification.Lacking(VerifiedToken verified, Reason reason)) {
            return new Decision.Forbidden(Optional.of(verified), reason, reason.message());
        }
        if (verification instanceof Verification.Rejected(Reason reason)) {
            return new Decision.Unauthenticated(reason);
        }
        String detail = ((Verification.KeysUnavailable) verification).detail();
        return undecided(Optional.empty(), Reason.KEYS_UNAVAILABLE, detail, invocation);
    }

    private Decision withCaller(
            VerifiedToken caller, AccessRequest request, Invocation invocation) {
        return request.headers()
                .match(
                        complete ->
                                withHeaders(
                                        caller,
                                        complete.values(),
                                        request.traceparent(),
                                        invocation),
                        missing -> missing(caller, missing.name()),
                        ambiguous -> ambiguous(Optional.of(caller), ambiguous.name()));
    }

    private Decision withHeaders(
            VerifiedToken caller,
            Map<String, String> values,
            Optional<String> traceparent,
            Invocation invocation) {
        Verdict verdict = validation.validate(caller, values, traceparent, invocation);
        if (verdict instanceof Verdict.Permitted permitted) {
            return new Decision.Allow(caller, permitted.context(), permitted.usageIdentifierKey());
        }
        if (verdict instanceof Verdict.Refused(Optional<String> why)) {
            return new Decision.Forbidden(
                    Optional.of(caller),
                    Reason.VALIDATION_REFUSED,
                    why.orElse(Reason.VALIDATION_REFUSED.message()));
        }
        Verdict.Unavailable unavailable = (Verdict.Unavailable) verdict;
        return undecided(
                Optional.of(caller), unavailable.reason(), unavailable.detail(), invocation);
    }

    private static Decision missing(VerifiedToken caller, String header) {
        return new Decision.Forbidden(
                Optional.of(caller),
                Reason.HEADER_MISSING,
                "The request has no " + header + " header.");
    }

    private static Decision ambiguous(Optional<VerifiedToken> caller, String header) {
        return new Decision.Forbidden(
                caller,
                Reason.AMBIGUOUS_HEADER,
                "The request has several " + header + " headers with different values.");
    }

    private static Decision undecided(
            Optional<VerifiedToken> caller, Reason reason, String detail, Invocation invocation) {
        return new Decision.Undecided(
                caller, invocation.deadline().passed() ? Reason.TIME_OUT : reason, detail);
    }
}
