package authoriser.decision;

import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.Headers;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
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
 * <p>In this order, a caller without a good token learns nothing about the headers, and the service
 * is asked only about verified callers.
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
            Credential credential = request.credential();
            return switch (credential.kind()) {
                case BEARER ->
                        withToken(((Credential.Bearer) credential).token(), request, invocation);
                case ABSENT -> new Decision.Unauthenticated(Reason.TOKEN_MISSING);
                case AMBIGUOUS -> ambiguous(Optional.empty(), "Authorization");
            };
        } finally {
            invocation.awaitTasks(PATIENCE);
        }
    }

    private Decision withToken(BearerToken token, AccessRequest request, Invocation invocation) {
        long start = System.nanoTime();
        Verification verification = verifier.verify(token, invocation);
        invocation.spent(Invocation.Stage.TOKEN, start);
        return switch (verification.kind()) {
            case VERIFIED ->
                    withCaller(((Verification.Verified) verification).token(), request, invocation);
            case LACKING -> lacking((Verification.Lacking) verification);
            case REJECTED ->
                    new Decision.Unauthenticated(((Verification.Rejected) verification).reason());
            case KEYS_UNAVAILABLE ->
                    undecided(
                            Optional.empty(),
                            Reason.KEYS_UNAVAILABLE,
                            ((Verification.KeysUnavailable) verification).detail(),
                            invocation);
        };
    }

    private Decision withCaller(
            VerifiedToken caller, AccessRequest request, Invocation invocation) {
        Headers headers = request.headers();
        return switch (headers.kind()) {
            case COMPLETE ->
                    withHeaders(
                            caller,
                            ((Headers.Complete) headers).values(),
                            request.traceparent(),
                            invocation);
            case MISSING -> missing(caller, ((Headers.Missing) headers).name());
            case AMBIGUOUS -> ambiguous(Optional.of(caller), ((Headers.Ambiguous) headers).name());
        };
    }

    private Decision withHeaders(
            VerifiedToken caller,
            Map<String, String> values,
            Optional<String> traceparent,
            Invocation invocation) {
        Verdict verdict = validation.validate(caller, values, traceparent, invocation);
        return switch (verdict.kind()) {
            case PERMITTED -> permitted(caller, (Verdict.Permitted) verdict);
            case REFUSED -> refused(caller, (Verdict.Refused) verdict);
            case UNAVAILABLE ->
                    undecided(
                            Optional.of(caller),
                            ((Verdict.Unavailable) verdict).reason(),
                            ((Verdict.Unavailable) verdict).detail(),
                            invocation);
        };
    }

    private static Decision permitted(VerifiedToken caller, Verdict.Permitted permitted) {
        return new Decision.Allow(caller, permitted.context(), permitted.usageIdentifierKey());
    }

    private static Decision refused(VerifiedToken caller, Verdict.Refused refused) {
        return new Decision.Forbidden(
                Optional.of(caller),
                Reason.VALIDATION_REFUSED,
                refused.why().orElse(Reason.VALIDATION_REFUSED.message()));
    }

    private static Decision lacking(Verification.Lacking lacking) {
        return new Decision.Forbidden(
                Optional.of(lacking.token()), lacking.reason(), lacking.reason().message());
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
