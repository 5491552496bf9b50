package authoriser.decision;

import authoriser.config.Secret;
import authoriser.reason.Reason;
import authoriser.token.VerifiedToken;
import java.util.Map;
import java.util.Optional;

/** The decision on a request. */
public sealed interface Decision {

    /**
     * The outcome, which is different for each of the types below. The compiler checks that a
     * {@code switch} expression over it has every case.
     */
    Outcome outcome();

    /** The reason for it. */
    Reason reason();

    /** The caller, if the token was verified. */
    Optional<VerifiedToken> caller();

    /**
     * The request is allowed.
     *
     * @param context the values of the validation service for the backend
     * @param usageIdentifierKey the API key whose usage plan counts the request
     */
    record Allow(
            VerifiedToken token, Map<String, String> context, Optional<Secret> usageIdentifierKey)
            implements Decision {
        /** An Allow without a key. */
        public Allow(VerifiedToken token, Map<String, String> context) {
            this(token, context, Optional.empty());
        }

        @Override
        public Outcome outcome() {
            return Outcome.ALLOW;
        }

        @Override
        public Reason reason() {
            return Reason.ALLOWED;
        }

        @Override
        public Optional<VerifiedToken> caller() {
            return Optional.of(token);
        }
    }

    /** The request has no good token, which is the caller's mistake. */
    record Unauthenticated(Reason reason) implements Decision {
        @Override
        public Outcome outcome() {
            return Outcome.UNAUTHENTICATED;
        }

        @Override
        public Optional<VerifiedToken> caller() {
            return Optional.empty();
        }
    }

    /**
     * The request is refused.
     *
     * @param message a sentence for the caller, not yet made safe to show
     */
    record Forbidden(Optional<VerifiedToken> caller, Reason reason, String message)
            implements Decision {
        @Override
        public Outcome outcome() {
            return Outcome.FORBIDDEN;
        }
    }

    /**
     * No decision was possible, because something on our side failed. It is never answered with an
     * Allow, and never with a Deny, which API Gateway would cache.
     *
     * @param detail what failed, for the log
     */
    record Undecided(Optional<VerifiedToken> caller, Reason reason, String detail)
            implements Decision {
        @Override
        public Outcome outcome() {
            return Outcome.UNDECIDED;
        }
    }
}
