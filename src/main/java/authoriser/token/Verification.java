package authoriser.token;

import authoriser.reason.Reason;

/** What came of checking a token. */
public sealed interface Verification {

    /** The token is good. */
    record Verified(VerifiedToken token) implements Verification {}

    /** The token is not good, which is the caller's affair. */
    record Rejected(Reason reason) implements Verification {}

    /** The token is real, and lacks a scope that every token must have. */
    record ScopeMissing(VerifiedToken token) implements Verification {}

    /**
     * It cannot be known whether the token is good.
     *
     * @param detail what failed, for the log
     */
    record KeysUnavailable(String detail) implements Verification {}
}
