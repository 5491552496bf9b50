package authoriser.token;

import authoriser.reason.Reason;

/** What came of checking a token. */
public sealed interface Verification {

    /** The token is good. */
    record Verified(VerifiedToken token) implements Verification {}

    /** The token is not good, which is the caller's affair. */
    record Rejected(Reason reason) implements Verification {}

    /**
     * The token is valid, and lacks what every token must have: {@code TOKEN_SCOPE} or {@code
     * TOKEN_GROUP}.
     */
    record Lacking(VerifiedToken token, Reason reason) implements Verification {}

    /**
     * It cannot be known whether the token is good.
     *
     * @param detail what failed, for the log
     */
    record KeysUnavailable(String detail) implements Verification {}
}
