package authoriser.trust;

import authoriser.local.Identity;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;

/** What is decided about a peer's certificates. */
final class Checks {
    static final String TRUSTED = "trusted";
    static final String UNKNOWN = "its certificate is from no authority in the trust store";

    private Checks() {}

    static String decision(PeerTrust trust, Identity peer) {
        return decision(trust, peer.chain());
    }

    /** About a peer that is asked as localhost: that it is trusted, or why not. */
    static String decision(PeerTrust trust, List<X509Certificate> chain) {
        try {
            trust.checkServerTrusted(
                    chain.toArray(X509Certificate[]::new),
                    "UNKNOWN", // the JDK's name of a key exchange in TLS 1.3
                    SSLContext.getDefault().createSSLEngine("localhost", 443));
            return TRUSTED;
        } catch (UntrustedPeer e) {
            return e.detail();
        } catch (CertificateException | NoSuchAlgorithmException e) {
            return "no reason: " + e;
        }
    }
}
