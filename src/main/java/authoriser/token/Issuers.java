package authoriser.token;

import authoriser.config.Config;
import authoriser.http.HttpSender;
import authoriser.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The issuers in the settings, each with its own JWK Set. A key of one issuer never verifies a
 * token of another.
 */
public final class Issuers {
    private final Map<String, JwkSetCache> stores = new HashMap<>();

    /**
     * Makes an empty cache for each issuer; fetches nothing yet.
     *
     * @param timeout the limit of one fetch
     */
    public Issuers(
            List<Config.Issuer> issuers, HttpSender sender, Duration timeout, InstantSource clock) {
        for (Config.Issuer issuer : issuers) {
            stores.put(issuer.name(), new JwkSetCache(sender, issuer.jwks(), timeout, clock));
        }
    }

    /** The exact values of {@code iss}. */
    public Iterable<String> names() {
        return stores.keySet();
    }

    /**
     * Fetches one issuer's JWK Set. A failure causes no pause.
     *
     * @return what failed, for the log; empty if nothing did
     */
    public Optional<String> prime(String name, Deadline deadline) {
        JwkSetCache store = stores.get(name);
        return store == null ? Optional.empty() : store.prime(deadline);
    }

    /** The oldest set whose renewal is overdue and fails. */
    public Optional<OverdueKeys> overdue() {
        Optional<OverdueKeys> oldest = Optional.empty();
        for (JwkSetCache store : stores.values()) {
            Optional<OverdueKeys> keys = store.overdue();
            if (keys.isPresent()
                    && (oldest.isEmpty() || keys.get().ageSeconds() > oldest.get().ageSeconds())) {
                oldest = keys;
            }
        }
        return oldest;
    }

    @Nullable JwkSetCache keysOf(String name) {
        return stores.get(name);
    }
}
