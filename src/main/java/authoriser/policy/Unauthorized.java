package authoriser.policy;

/** The error that API Gateway turns into 401: its message must be this word and nothing else. */
public final class Unauthorized extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace, which the runtime client would log. */
    public Unauthorized() {
        super("Unauthorized", null, false, false);
    }
}
