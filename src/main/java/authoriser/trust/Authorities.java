package authoriser.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/** Where the certificates of authorities that may vouch for a peer come from. */
public interface Authorities {

    /**
     * Opens them for reading.
     *
     * @throws UnusableTrustStore if it is found already that there is none that can be used
     */
    TrustAnchors open() throws UnusableTrustStore;

    /** Whether reading them takes a password-based key, which needs a fast digest. */
    default boolean sealed() {
        return false;
    }

    /** These authorities and no others. */
    static Authorities of(List<X509Certificate> certificates) {
        return () -> TrustAnchors.of(certificates);
    }
}
