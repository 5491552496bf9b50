package authoriser.token;

import authoriser.config.Config;
import authoriser.http.HttpSender;
import authoriser.timing.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The issuers whose tokens are taken, each with its own keys: a key of one never verifies a token
 * of another.
 */
public final class Issuers {
    private final Map<String, KeyStore> stores = new HashMap<>();

    /**
     * Makes the issuers' key stores; fetches nothing yet.
     *
     * @param timeout the limit of one fetch
     */
    public Issuers(
            List<Config.Issuer> issuers, HttpSender sender, Duration timeout, InstantSource clock) {
        for (Config.Issuer issuer : issuers) {
            stores.put(issuer.name(), new KeyStore(sender, issuer.jwks(), timeout, clock));
        }
    }

    /** The names, the exact values of {@code iss}. */
    public Iterable<String> names() {
        return stores.keySet();
    }

    /**
     * Fetches one issuer's keys; a failure keeps no request from trying.
     *
     * @return what failed, for the log; empty if nothing did
     */
    public Optional<String> prime(String name, Deadline deadline) {
        KeyStore store = stores.get(name);
        return store == null ? Optional.empty() : store.prime(deadline);
    }

    /** The oldest of the keys whose renewal is overdue and fails. */
    public Optional<OverdueKeys> overdue() {
        Optional<OverdueKeys> oldest = Optional.empty();
        for (KeyStore store : stores.values()) {
            Optional<OverdueKeys> keys = store.overdue();
            if (keys.isPresent()
                    && (oldest.isEmpty() || keys.get().ageSeconds() > oldest.get().ageSeconds())) {
                oldest = keys;
            }
        }
        return oldest;
    }

    @Nullable KeyStore keysOf(String name) {
        return stores.get(name);
    }
}
