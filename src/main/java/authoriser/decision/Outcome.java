package authoriser.decision;

/** What a request came to, as it is counted: the values of the dimension {@code outcome}. */
public enum Outcome {
    ALLOW("allow", false),
    UNAUTHENTICATED("unauthenticated", true),
    FORBIDDEN("forbidden", true),
    UNDECIDED("undecided", false);

    private final String code;
    private final boolean refused;

    Outcome(String code, boolean refused) {
        this.code = code;
        this.refused = refused;
    }

    /** The value as it is logged. */
    public String code() {
        return code;
    }

    /** Whether the request was judged and refused. */
    public boolean refused() {
        return refused;
    }
}
