package authoriser;

import authoriser.config.Config;
import authoriser.http.Endpoint;
import authoriser.http.TlsLayer;
import authoriser.trust.Authorities;
import java.util.Map;

/** The peers that are trusted by authorities of their own, instead of those of the JVM. */
public final class PeerAuthorities {
    private PeerAuthorities() {}

    /** The TLS for each such peer: for the validation service, if the settings name authorities. */
    public static Map<Endpoint.Origin, TlsLayer> of(Config.Service service) {
        return service.authorities().isEmpty()
                ? Map.of()
                : Map.of(
                        service.url().origin(),
                        TlsLayer.trusting(Authorities.of(service.authorities())));
    }
}
