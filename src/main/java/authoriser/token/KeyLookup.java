package authoriser.token;

/**
 * What is known of a {@code kid}. This alone decides between a refusal and an Error: the token is
 * refused for {@link Unknown} only.
 */
sealed interface KeyLookup {

    /** The kind of this lookup; a {@code switch} over it is checked for missing cases. */
    Kind kind();

    /** The kinds of lookups, one for each of the types below. */
    enum Kind {
        FOUND,
        UNKNOWN,
        UNAVAILABLE
    }

    /** The issuer publishes this key. */
    record Found(VerificationKey key) implements KeyLookup {
        @Override
        public Kind kind() {
            return Kind.FOUND;
        }
    }

    /** The issuer's current set has no such key. */
    record Unknown() implements KeyLookup {
        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }

    /**
     * There is no current set, or it gives the {@code kid} to different keys.
     *
     * @param detail what failed, for the log
     */
    record Unavailable(String detail) implements KeyLookup {
        @Override
        public Kind kind() {
            return Kind.UNAVAILABLE;
        }
    }
}
