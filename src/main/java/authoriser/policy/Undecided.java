package authoriser.policy;

import authoriser.reason.Reason;

/**
 * The error for a request on which no decision was possible: API Gateway answers 500 and caches
 * nothing.
 */
public final class Undecided extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes the error without a stack trace, which the runtime client would log. */
    public Undecided(Reason reason) {
        super("Undecided: " + reason.code(), null, false, false);
    }
}
