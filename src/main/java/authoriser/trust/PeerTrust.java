package authoriser.trust;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a peer's certificates are trusted: by the JDK's PKIX implementation, and by
 * {@link CertificateRules}.
 *
 * <p>PKIX gets only certificates that meet the rules. So every path that it can build to an
 * authority meets them, too, and the path need not be known. The JDK's implementation is used even
 * if the TLS library is another one.
 */
public final class PeerTrust extends X509ExtendedTrustManager {
    /** The JDK's name for the key exchange in TLS 1.3. Each library has its own name. */
    private static final String JDK_TLS_1_3 = "UNKNOWN";

    private static final String NATIVE_TLS_1_3 = "GENERIC";

    /** Positions of bits in KeyUsage, and object identifiers (RFC 5280 section 4.2.1). */
    private static final int DIGITAL_SIGNATURE = 0;

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

    /** The reason where the key usage does not include servers. */
    public static final String NOT_FOR_SERVERS =
            "its certificate is not for TLS servers by its key usage";

    private static final String OTHER_HOST = "its certificate is for another host";

    /**
     * The JDK's TLS accepts no more from a server, the native library accepts 100. With 73
     * certificates that had signed each other, PKIX searched for a path for 43 s.
     */
    private static final int MOST_CERTIFICATES = 10;

    private final TrustAnchors anchors;

    private PeerTrust(TrustAnchors anchors) {
        this.anchors = anchors;
    }

    /**
     * Trusts peers whose certificates were issued by these authorities.
     *
     * @throws UnusableTrustStore if it is already known that no authority can be used
     */
    public static PeerTrust in(Authorities authorities) throws UnusableTrustStore {
        return new PeerTrust(authorities.open());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
            throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
            throws CertificateException {
        check(chain, jdkName(keyExchange), engine.getPeerHost());
    }

    private void check(X509Certificate[] chain, String keyExchange, @Nullable String host)
            throws CertificateException {
        if (chain.length > MOST_CERTIFICATES) {
            throw new UntrustedPeer("it sent more than 10 certificates", null);
        }
        try {
            TrustAnchors.Known known = anchors.namedBy(chain);
            X509Certificate[] usable = usable(chain, host, known);
            if (known.complete() || !trusts(known, usable, keyExchange)) {
                checkByAll(chain, usable, keyExchange);
            }
        } catch (UnusableTrustStore e) {
            throw new UntrustedPeer(e.detail(), e);
        }
    }

    private static boolean trusts(
            TrustAnchors.Known known, X509Certificate[] usable, String keyExchange) {
        try {
            known.pkix().checkServerTrusted(usable, keyExchange);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private void checkByAll(X509Certificate[] chain, X509Certificate[] usable, String keyExchange)
            throws CertificateException, UnusableTrustStore {
        try {
            anchors.all().pkix().checkServerTrusted(usable, keyExchange);
        } catch (CertificateException e) {
            throw new UntrustedPeer(reason(e, chain, usable), e);
        }
    }

    private static String jdkName(String keyExchange) {
        return keyExchange.equals(NATIVE_TLS_1_3) ? JDK_TLS_1_3 : keyExchange;
    }

    /**
     * The peer's own certificate, and those of the others that meet the rules.
     *
     * @throws UntrustedPeer if the peer's own certificate does not meet them
     */
    private static X509Certificate[] usable(
            X509Certificate[] chain, @Nullable String host, TrustAnchors.Known known)
            throws UntrustedPeer {
        checkOwn(chain[0], host, known.pkix());
        X509Certificate[] usable = chain.clone();
        int count = 1;
        for (int i = 1; i < chain.length; i++) {
            if (CertificateRules.isStrong(chain[i].getPublicKey())
                    && CertificateRules.isStronglySigned(chain[i])) {
                usable[count++] = chain[i];
            }
        }
        return Arrays.copyOf(usable, count);
    }

    private static void checkOwn(X509Certificate own, @Nullable String host, X509TrustManager pkix)
            throws UntrustedPeer {
        if (!CertificateRules.isStrong(own.getPublicKey())) {
            throw refused("has a weak key (RSA below 2,048 bits, EC below P-256, or another kind)");
        }
        if (!CertificateRules.isStronglySigned(own) && !isAuthority(own, pkix)) {
            throw refused("has a weak signature (not RSA or ECDSA with SHA-2)");
        }
        try {
            own.checkValidity();
            if (!isForServers(own)) {
                throw new UntrustedPeer(NOT_FOR_SERVERS, null);
            }
            checkNames(own, host);
        } catch (CertificateExpiredException e) {
            throw new UntrustedPeer("its certificate has expired", e);
        } catch (CertificateNotYetValidException e) {
            throw new UntrustedPeer("its certificate is not valid yet", e);
        } catch (CertificateParsingException | RuntimeException e) {
            // RuntimeException: a name is an address that the JDK cannot format
            throw new UntrustedPeer("its certificate cannot be read", e);
        }
    }

    private static UntrustedPeer refused(String problem) {
        return new UntrustedPeer("its certificate " + problem, null);
    }

    /** Whether the certificate itself is in the trust store; then its signature does not count. */
    private static boolean isAuthority(X509Certificate certificate, X509TrustManager pkix) {
        return Arrays.asList(pkix.getAcceptedIssuers()).contains(certificate);
    }

    private static boolean isForServers(X509Certificate certificate)
            throws CertificateParsingException {
        boolean[] usage = certificate.getKeyUsage();
        List<String> purposes = certificate.getExtendedKeyUsage();
        return (usage == null || usage[DIGITAL_SIGNATURE])
                && (purposes == null
                        || purposes.contains(SERVER_AUTH)
                        || purposes.contains(ANY_EXTENDED_KEY_USAGE));
    }

    private static void checkNames(X509Certificate certificate, @Nullable String host)
            throws UntrustedPeer, CertificateParsingException {
        PeerNames.Match match = PeerNames.match(certificate, host);
        if (match == PeerNames.Match.OTHER_HOSTS) {
            throw new UntrustedPeer(OTHER_HOST, null);
        }
        if (match == PeerNames.Match.NO_HOST) {
            throw refused("has no host as a subject alternative name");
        }
    }

    private static String reason(
            CertificateException e, X509Certificate[] chain, X509Certificate[] usable) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException) {
                return unknown(chain, usable);
            }
            if (cause instanceof CertPathValidatorException path) {
                return reason(path.getReason(), chain, usable);
            }
        }
        return "its certificate is refused by the JDK's rules";
    }

    private static String reason(Reason reason, X509Certificate[] chain, X509Certificate[] usable) {
        if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
            return "the certificate of an authority in its chain has expired or is not valid yet";
        }
        if (reason == BasicReason.INVALID_SIGNATURE || reason == PKIXReason.NO_TRUST_ANCHOR) {
            return unknown(chain, usable); // an authority of the same name has another key
        }
        return reason instanceof Enum<?> known
                ? "its certificate chain is not valid (" + known.name() + ")"
                : "its certificate chain is not valid";
    }

    /** The reason why there is no path to an authority. */
    private static String unknown(X509Certificate[] chain, X509Certificate[] usable) {
        if (usable.length < chain.length) {
            return "the certificate of an authority in its chain has a weak key or signature";
        }
        for (int i = 1; i < chain.length; i++) {
            try {
                chain[i].checkValidity();
            } catch (CertificateException e) {
                return reason(BasicReason.EXPIRED, chain, usable);
            }
        }
        return "its certificate is not from an authority in the trust store";
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
            throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
            throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
            throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
            throws CertificateException {
        throw notAsked();
    }

    /** Never called: this side is always a client, uses an engine, and knows the peer's host. */
    private static CertificateException notAsked() {
        return new CertificateException("only servers are trusted, each for its host");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0]; // only servers use this: they send these names to clients
    }
}
