package authoriser.trust;

import authoriser.standin.Identity;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The decision about the certificates of a peer. */
final class Checks {
    static final String TRUSTED = "trusted";
    static final String UNKNOWN = "its certificate is not from an authority in the trust store";

    private Checks() {}

    static String decision(PeerTrust trust, Identity peer) {
        return decision(trust, peer.chain());
    }

    /** Whether a peer with the name localhost is trusted, or why not. */
    static String decision(PeerTrust trust, List<X509Certificate> chain) {
        try {
            trust.checkServerTrusted(
                    chain.toArray(X509Certificate[]::new),
                    "UNKNOWN", // the name of the JDK for a key exchange in TLS 1.3
                    SSLContext.getDefault().createSSLEngine("localhost", 443));
            return TRUSTED;
        } catch (UntrustedPeer e) {
            return e.detail();
        } catch (CertificateException | NoSuchAlgorithmException e) {
            return "no reason: " + e;
        }
    }
}
