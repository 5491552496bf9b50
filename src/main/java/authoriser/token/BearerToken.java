package authoriser.token;

/**
 * A bearer token as the caller sent it (RFC 6750 section 2.1). It has not been verified, and {@link
 * #toString} does not show it.
 */
public final class BearerToken {
    private final String value;

    /** Wraps the text after {@code Bearer}. */
    public BearerToken(String value) {
        this.value = value;
    }

    /** How many characters it has. */
    public int length() {
        return value.length();
    }

    String value() {
        return value;
    }

    @Override
    public String toString() {
        return "[bearer token]";
    }
}
