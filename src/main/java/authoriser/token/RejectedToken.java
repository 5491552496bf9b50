package authoriser.token;

import authoriser.reason.Reason;

/** Ends the check of a token that is refused. It contains no part of the token. */
final class RejectedToken extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    RejectedToken(Reason reason) {
        super(reason.code(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
