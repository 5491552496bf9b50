package authoriser.config;

/** A text that is never printed. */
public final class Secret {
    private final String value;

    /** Wraps a secret. */
    public Secret(String value) {
        this.value = value;
    }

    /** The secret itself, for the code that sends it. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
