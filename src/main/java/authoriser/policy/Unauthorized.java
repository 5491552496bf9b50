package authoriser.policy;

/** The error that API Gateway answers with 401: its message must be exactly this word. */
public final class Unauthorized extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes the error without a stack trace, which the runtime client would log. */
    public Unauthorized() {
        super("Unauthorized", null, false, false);
    }
}
