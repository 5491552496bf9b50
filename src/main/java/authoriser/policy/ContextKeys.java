package authoriser.policy;

import authoriser.config.ContextClaim;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The keys of the context: which are ours, and which the validation service may set. */
final class ContextKeys {
    /** Our keys in lower case. They stay ours in an answer that leaves them out. */
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

    /** The keys that have a meaning of their own in {@code $context.authorizer}. */
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

    /** Finds a claim's key that is taken already, compared without case; empty if none is. */
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
