package authoriser.token;

/**
 * Keys that are still used although their renewal is overdue and fails.
 *
 * @param ageSeconds the seconds since they were requested
 * @param failure why the last renewal failed
 */
public record OverdueKeys(long ageSeconds, String failure) {}
