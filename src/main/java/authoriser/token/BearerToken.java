package authoriser.token;

/**
 * A token as the caller sent it (RFC 6750 section 2.1): nothing of it is believed, and it never
 * prints itself.
 */
public final class BearerToken {
    private final String value;

    /** Wraps what stood behind {@code Bearer}. */
    public BearerToken(String value) {
        this.value = value;
    }

    String value() {
        return value;
    }

    @Override
    public String toString() {
        return "[bearer token]";
    }
}
