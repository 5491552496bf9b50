package authoriser.policy;

import authoriser.config.ContextClaim;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which keys of the context are ours, and which the validation service may set. */
final class ContextKeys {
    /** Ours, also where we leave them out, in lower case. */
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

    /** The keys of claims, in lower case. */
    private final Set<String> ofClaims = new HashSet<>();

    ContextKeys(List<ContextClaim> claims) {
        for (ContextClaim claim : claims) {
            ofClaims.add(claim.key().toLowerCase(Locale.ROOT));
        }
    }

    /** Whether the validation service may set this key. */
    boolean freeFor(String key) {
        return !key.isEmpty()
                && !API_GATEWAYS.contains(key)
                && !OURS.contains(key.toLowerCase(Locale.ROOT))
                && (ofClaims.isEmpty() || !ofClaims.contains(key.toLowerCase(Locale.ROOT)));
    }

    /** Finds a key of a claim that is taken, compared without case; empty if there is none. */
    static Optional<String> collisionOf(List<ContextClaim> claims) {
        Set<String> taken = new HashSet<>(OURS);
        for (String key : API_GATEWAYS) {
            taken.add(key.toLowerCase(Locale.ROOT));
        }
        for (ContextClaim claim : claims) {
            if (!taken.add(claim.key().toLowerCase(Locale.ROOT))) {
                return Optional.of(claim.key());
            }
        }
        return Optional.empty();
    }
}
