package authoriser.decision;

import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.Headers;
import authoriser.reason.Reason;
import authoriser.timing.Errands;
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
 * The rule: a good token first, then the headers, then the validation service's word.
 *
 * <p>Whoever shows no good token learns nothing about headers, and the service is asked about
 * nobody whom we don't know.
 */
public final class Authoriser {
    /**
     * How long an answer waits for a renewal begun beside it; one that takes longer is left to
     * itself.
     */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final TokenVerifier verifier;
    private final ValidationClient validation;
    private final Errands errands;

    /** Puts the rule together. */
    public Authoriser(TokenVerifier verifier, ValidationClient validation, Errands errands) {
        this.verifier = verifier;
        this.validation = validation;
        this.errands = errands;
    }

    /** Decides on a request within the invocation's deadline. */
    public Decision decide(AccessRequest request, Invocation invocation) {
        try {
            return switch (request.credential()) {
                case Credential.Absent() -> new Decision.Unauthenticated(Reason.TOKEN_MISSING);
                case Credential.Malformed() -> new Decision.Unauthenticated(Reason.TOKEN_MALFORMED);
                case Credential.Ambiguous() -> ambiguous(Optional.empty(), "Authorization");
                case Credential.Bearer(BearerToken token) -> withToken(token, request, invocation);
            };
        } finally {
            errands.collect(invocation.deadline(), PATIENCE);
        }
    }

    private Decision withToken(BearerToken token, AccessRequest request, Invocation invocation) {
        long start = System.nanoTime();
        Verification verification = verifier.verify(token, invocation.deadline());
        invocation.spent(Invocation.Stage.TOKEN, start);
        return switch (verification) {
            case Verification.Rejected(Reason reason) -> new Decision.Unauthenticated(reason);
            case Verification.KeysUnavailable(String detail) ->
                    undecided(Optional.empty(), Reason.KEYS_UNAVAILABLE, detail, invocation);
            case Verification.ScopeMissing(VerifiedToken verified) ->
                    new Decision.Forbidden(
                            Optional.of(verified),
                            Reason.TOKEN_SCOPE,
                            Reason.TOKEN_SCOPE.message());
            case Verification.Verified(VerifiedToken verified) ->
                    withCaller(verified, request, invocation);
        };
    }

    private Decision withCaller(
            VerifiedToken caller, AccessRequest request, Invocation invocation) {
        return switch (request.headers()) {
            case Headers.Missing(String name) ->
                    new Decision.Forbidden(
                            Optional.of(caller),
                            Reason.HEADER_MISSING,
                            "The request has no " + name + " header.");
            case Headers.Ambiguous(String name) -> ambiguous(Optional.of(caller), name);
            case Headers.Complete(Map<String, String> values) ->
                    withHeaders(caller, values, invocation);
        };
    }

    private Decision withHeaders(
            VerifiedToken caller, Map<String, String> values, Invocation invocation) {
        return switch (validation.validate(caller, values, invocation)) {
            case Verdict.Permitted(Map<String, String> context) ->
                    new Decision.Allow(caller, context);
            case Verdict.Refused(Optional<String> why) ->
                    new Decision.Forbidden(
                            Optional.of(caller),
                            Reason.VALIDATION_REFUSED,
                            why.orElse(Reason.VALIDATION_REFUSED.message()));
            case Verdict.Unavailable(Reason reason, String detail) ->
                    undecided(Optional.of(caller), reason, detail, invocation);
        };
    }

    private static Decision ambiguous(Optional<VerifiedToken> caller, String header) {
        return new Decision.Forbidden(
                caller,
                Reason.AMBIGUOUS_HEADER,
                "The " + header + " header stands there more than once.");
    }

    private static Decision undecided(
            Optional<VerifiedToken> caller, Reason reason, String detail, Invocation invocation) {
        return new Decision.Undecided(
                caller, invocation.deadline().passed() ? Reason.TIME_OUT : reason, detail);
    }
}
