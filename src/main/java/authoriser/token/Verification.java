package authoriser.token;

import authoriser.reason.Reason;

/** The result of checking a token. */
public sealed interface Verification {

    /** The kind of this verification; a {@code switch} over it is checked for missing cases. */
    Kind kind();

    /** The kinds of verifications, one for each of the types below. */
    enum Kind {
        VERIFIED,
        REJECTED,
        LACKING,
        KEYS_UNAVAILABLE
    }

    /** The token is good. */
    record Verified(VerifiedToken token) implements Verification {
        @Override
        public Kind kind() {
            return Kind.VERIFIED;
        }
    }

    /** The token is not good. The fault is the caller's. */
    record Rejected(Reason reason) implements Verification {
        @Override
        public Kind kind() {
            return Kind.REJECTED;
        }
    }

    /**
     * The token is valid, and lacks what every token must have: {@code TOKEN_SCOPE} or {@code
     * TOKEN_GROUP}.
     */
    record Lacking(VerifiedToken token, Reason reason) implements Verification {
        @Override
        public Kind kind() {
            return Kind.LACKING;
        }
    }

    /**
     * The issuer's keys are not available, so it is not known whether the token is good.
     *
     * @param detail what failed, for the log
     */
    record KeysUnavailable(String detail) implements Verification {
        @Override
        public Kind kind() {
            return Kind.KEYS_UNAVAILABLE;
        }
    }
}
