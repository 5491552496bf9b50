package authoriser.config;

/**
 * A claim of the token that the answer's context holds for the backend.
 *
 * @param claim the claim's name
 * @param key the context's key: letters, digits and underscores
 */
public record ContextClaim(String claim, String key) {}
