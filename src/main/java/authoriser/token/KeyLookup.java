package authoriser.token;

/**
 * What the key store knows of a {@code kid}; nothing else decides between refusing and not knowing.
 */
sealed interface KeyLookup {

    /** The issuer publishes this key. */
    record Found(SigningKey key) implements KeyLookup {}

    /** The issuer's current set has no such key. */
    record Unknown() implements KeyLookup {}

    /**
     * The issuer's current set is not known, or gives the {@code kid} to different keys.
     *
     * @param detail what failed, for the log
     */
    record Unavailable(String detail) implements KeyLookup {}
}
