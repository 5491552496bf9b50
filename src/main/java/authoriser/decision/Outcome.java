package authoriser.decision;

/** The kind of a decision: the values of the metrics' dimension {@code outcome}. */
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

    /** The value in logs and metrics. */
    public String code() {
        return code;
    }

    /** Whether the request was refused. */
    public boolean refused() {
        return refused;
    }
}
