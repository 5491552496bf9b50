package authoriser.http;

import authoriser.crypto.NativeDigest;
import authoriser.crypto.NativeProvider;
import authoriser.trust.Authorities;
import authoriser.trust.PeerTrust;
import authoriser.trust.UnusableTrustStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS connections over TCP connections: TLS 1.2 or 1.3 with forward secrecy, to a peer whose
 * certificate names the host (RFC 9110 section 4.3.4) and is trusted by {@link PeerTrust}.
 */
public final class TlsLayer {
    /** For the JDK, which would offer SHA-1 as well. The native provider has its own list. */
    private static final String[] SIGNATURES = {
        "ecdsa_secp256r1_sha256",
        "ecdsa_secp384r1_sha384",
        "ecdsa_secp521r1_sha512",
        "rsa_pss_rsae_sha256",
        "rsa_pss_rsae_sha384",
        "rsa_pss_rsae_sha512",
        "rsa_pss_pss_sha256",
        "rsa_pss_pss_sha384",
        "rsa_pss_pss_sha512",
        "rsa_pkcs1_sha256",
        "rsa_pkcs1_sha384",
        "rsa_pkcs1_sha512"
    };

    /**
     * For the JDK, which sends a key share for the first group of each kind. Its first key share on
     * P-256 takes 70 ms.
     */
    private static final String[] GROUPS = {"X25519MLKEM768", "x25519", "secp384r1", "secp256r1"};

    /** No client certificate. For null, the libraries look for a default one. */
    private static final KeyManager[] NO_KEYS = {};

    private final Authorities trusted;
    private final boolean jdkOnly;
    private final Deque<RecordBuffers> spare = new ConcurrentLinkedDeque<>();
    private final FirstHandshake first = new FirstHandshake();
    private volatile @Nullable SSLContext context;

    private TlsLayer(Authorities trusted, boolean jdkOnly) {
        this.trusted = trusted;
        this.jdkOnly = jdkOnly;
    }

    /**
     * TLS to peers whose certificate was issued by one of these authorities. The authorities are
     * read at the first connection.
     */
    public static TlsLayer trusting(Authorities trusted) {
        return new TlsLayer(trusted, false);
    }

    /** The same with the JDK's provider, which is used where the native one cannot be loaded. */
    public static TlsLayer ofJdk(Authorities trusted) {
        return new TlsLayer(trusted, true);
    }

    /**
     * Does the handshake over a TCP connection. The connection is closed if the handshake fails.
     *
     * @throws TlsFailure if the handshake fails, other than by a time-out
     */
    Transport over(TcpTransport tcp, Endpoint.Origin origin) throws IOException {
        SSLEngine engine;
        try {
            SSLContext used = context();
            engine = used.createSSLEngine(origin.host(), origin.port());
            engine.setUseClientMode(true);
            engine.setSSLParameters(parameters(used.getProvider() instanceof NativeProvider));
        } catch (IOException | RuntimeException e) {
            tcp.close();
            throw e;
        }
        try {
            return TlsTransport.over(tcp, engine, spare, first);
        } catch (IOException e) {
            throw TlsFailure.ofHandshake(e);
        }
    }

    private SSLContext context() throws IOException {
        SSLContext made = context;
        if (made == null) {
            synchronized (this) {
                made = context;
                if (made == null) {
                    made = make();
                    context = made;
                }
            }
        }
        return made;
    }

    private SSLContext make() throws IOException {
        Optional<Provider> provider = jdkOnly ? Optional.empty() : NativeProvider.find();
        if (trusted.sealed() && !jdkOnly) {
            NativeDigest.prefer();
        }
        try {
            PeerTrust trust = PeerTrust.in(trusted);
            SSLContext made =
                    provider.isPresent()
                            ? SSLContext.getInstance("TLS", provider.get())
                            : SSLContext.getInstance("TLS");
            made.init(NO_KEYS, new TrustManager[] {trust}, null);
            return made;
        } catch (UnusableTrustStore e) {
            throw TlsFailure.of(e);
        } catch (GeneralSecurityException e) {
            throw new SSLException("TLS cannot be set up", e);
        }
    }

    /**
     * The demands on a handshake. They are set here because Lambda's runtime client shortens the
     * JDK's list of disabled algorithms.
     */
    private static SSLParameters parameters(boolean byNative) {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (!byNative) {
            parameters.setSignatureSchemes(SIGNATURES);
            parameters.setNamedGroups(GROUPS);
        }
        parameters.setCipherSuites(
                new String[] {
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
                });
        return parameters;
    }
}
