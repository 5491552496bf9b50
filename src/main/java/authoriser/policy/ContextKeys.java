package authoriser.policy;

import java.util.Locale;
import java.util.Set;

/** Which keys of the context the validation service may set. */
final class ContextKeys {
    /** Ours, also where we leave them out, in whatever case. */
    private static final Set<String> OURS =
            Set.of(
                    "subject",
                    "issuer",
                    "username",
                    "clientid",
                    "scope",
                    "groups",
                    "expiresat",
                    "reason",
                    "message");

    /** Those that {@code $context.authorizer} has a meaning for already. */
    private static final Set<String> API_GATEWAYS =
            Set.of(
                    "claims",
                    "principalId",
                    "integrationLatency",
                    "integrationStatus",
                    "error",
                    "status",
                    "requestId",
                    "latency");

    private ContextKeys() {}

    static boolean freeFor(String key) {
        return !key.isEmpty()
                && !API_GATEWAYS.contains(key)
                && !OURS.contains(key.toLowerCase(Locale.ROOT));
    }
}
