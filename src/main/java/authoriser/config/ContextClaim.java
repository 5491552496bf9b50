package authoriser.config;

/**
 * A claim of the token that the backend is told in the authoriser's context.
 *
 * @param claim the claim's name
 * @param key the context's key: letters, digits and underscores
 */
public record ContextClaim(String claim, String key) {}
