package authoriser.token;

/**
 * Keys that are still used, though they should have been renewed long ago.
 *
 * @param ageSeconds since they were asked for
 * @param failure why the last renewal came to nothing
 */
public record OverdueKeys(long ageSeconds, String failure) {}
