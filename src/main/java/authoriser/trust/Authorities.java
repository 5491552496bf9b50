package authoriser.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

/** The certificates of authorities that may vouch for a peer. */
public interface Authorities {

    /**
     * Reads them.
     *
     * @throws IOException if there is none that can be used
     */
    KeyStore read() throws IOException;

    /** Whether reading them takes a password-based key, which needs a fast digest. */
    default boolean sealed() {
        return false;
    }

    /** These authorities and no others. */
    static Authorities of(List<X509Certificate> certificates) {
        return () -> {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (int i = 0; i < certificates.size(); i++) {
                    store.setCertificateEntry("authority-" + i, certificates.get(i));
                }
                return store;
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        };
    }
}
