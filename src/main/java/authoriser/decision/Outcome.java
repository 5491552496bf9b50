package authoriser.decision;

/** What a request came to, as it is counted: the values of the dimension {@code outcome}. */
public enum Outcome {
    ALLOW("allow"),
    UNAUTHENTICATED("unauthenticated"),
    FORBIDDEN("forbidden"),
    UNDECIDED("undecided");

    private final String code;

    Outcome(String code) {
        this.code = code;
    }

    /** The value as it is logged. */
    public String code() {
        return code;
    }
}
