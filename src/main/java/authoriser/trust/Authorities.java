package authoriser.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/** A source of the certificates of trusted authorities. */
public interface Authorities {

    /**
     * Opens them for reading.
     *
     * @throws UnusableTrustStore if it is already known that no certificate can be used
     */
    TrustAnchors open() throws UnusableTrustStore;

    /** Whether a password protects them. Deriving a key from it needs a fast digest. */
    default boolean sealed() {
        return false;
    }

    /** Exactly these authorities. */
    static Authorities of(List<X509Certificate> certificates) {
        return () -> TrustAnchors.of(certificates);
    }
}
