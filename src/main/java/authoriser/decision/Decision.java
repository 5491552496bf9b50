package authoriser.decision;

import authoriser.config.Secret;
import authoriser.reason.Reason;
import authoriser.token.VerifiedToken;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is decided on a request. */
public sealed interface Decision {

    /** Applies the function for the case that this is. */
    <T> T match(
            Function<Allow, T> allow,
            Function<Unauthenticated, T> unauthenticated,
            Function<Forbidden, T> forbidden,
            Function<Undecided, T> undecided);

    /** What it is counted as. */
    Outcome outcome();

    /** Why. */
    Reason reason();

    /** Who asked, where that has been verified. */
    Optional<VerifiedToken> caller();

    /**
     * The caller may.
     *
     * @param context what the validation service wants the backend to know
     * @param usageIdentifierKey the API key whose usage plan the request counts for
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

        @Override
        public <T> T match(
                Function<Allow, T> allow,
                Function<Unauthenticated, T> unauthenticated,
                Function<Forbidden, T> forbidden,
                Function<Undecided, T> undecided) {
            return allow.apply(this);
        }
    }

    /** It is not known who the caller is, which is the caller's affair. */
    record Unauthenticated(Reason reason) implements Decision {
        @Override
        public Outcome outcome() {
            return Outcome.UNAUTHENTICATED;
        }

        @Override
        public Optional<VerifiedToken> caller() {
            return Optional.empty();
        }

        @Override
        public <T> T match(
                Function<Allow, T> allow,
                Function<Unauthenticated, T> unauthenticated,
                Function<Forbidden, T> forbidden,
                Function<Undecided, T> undecided) {
            return unauthenticated.apply(this);
        }
    }

    /**
     * The caller may not.
     *
     * @param message a sentence for the caller, not yet made safe to show
     */
    record Forbidden(Optional<VerifiedToken> caller, Reason reason, String message)
            implements Decision {
        @Override
        public Outcome outcome() {
            return Outcome.FORBIDDEN;
        }

        @Override
        public <T> T match(
                Function<Allow, T> allow,
                Function<Unauthenticated, T> unauthenticated,
                Function<Forbidden, T> forbidden,
                Function<Undecided, T> undecided) {
            return forbidden.apply(this);
        }
    }

    /**
     * It cannot be known, which is our own trouble: never an Allow, and never a Deny, which would
     * be cached.
     *
     * @param detail what failed, for the log
     */
    record Undecided(Optional<VerifiedToken> caller, Reason reason, String detail)
            implements Decision {
        @Override
        public Outcome outcome() {
            return Outcome.UNDECIDED;
        }

        @Override
        public <T> T match(
                Function<Allow, T> allow,
                Function<Unauthenticated, T> unauthenticated,
                Function<Forbidden, T> forbidden,
                Function<Undecided, T> undecided) {
            return undecided.apply(this);
        }
    }
}
