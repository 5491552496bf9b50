package authoriser.http;

import authoriser.crypto.NativeDigest;
import authoriser.crypto.NativeProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS on top of connections: 1.2 or 1.3 with forward secrecy, to a peer whose certificate is
 * the host's (RFC 9110 section 4.3.4) and comes from an authority that is trusted.
 */
public final class TlsLayer {
    private final TrustStore trusted;
    private final boolean jdkOnly;
    private volatile @Nullable SSLSocketFactory factory;

    private TlsLayer(TrustStore trusted, boolean jdkOnly) {
        this.trusted = trusted;
        this.jdkOnly = jdkOnly;
    }

    /**
     * TLS to peers whose authority is in the trust store, which is read with the first connection
     * and no sooner.
     */
    public static TlsLayer trusting(TrustStore trusted) {
        return new TlsLayer(trusted, false);
    }

    /** The same by the JDK's own provider, as where the native one is not to be had. */
    static TlsLayer ofJdk(TrustStore trusted) {
        return new TlsLayer(trusted, true);
    }

    /** Does the handshake over a connected socket. */
    SSLSocket over(TimedSocket transport, Endpoint.Origin origin) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        factory()
                                .createSocket(transport, plain(origin.host()), origin.port(), true);
        socket.setSSLParameters(parameters());
        socket.startHandshake();
        return socket;
    }

    private SSLSocketFactory factory() throws IOException {
        SSLSocketFactory made = factory;
        if (made == null) {
            synchronized (this) {
                made = factory;
                if (made == null) {
                    made = make();
                    factory = made;
                }
            }
        }
        return made;
    }

    private SSLSocketFactory make() throws IOException {
        try {
            Optional<Provider> provider = jdkOnly ? Optional.empty() : NativeProvider.find();
            TrustManagerFactory trust =
                    provider.isPresent()
                            ? TrustManagerFactory.getInstance("PKIX", provider.get())
                            : TrustManagerFactory.getInstance("PKIX");
            SSLContext context =
                    provider.isPresent()
                            ? SSLContext.getInstance("TLS", provider.get())
                            : SSLContext.getInstance("TLS");
            if (trusted.password().isPresent() && !jdkOnly) {
                NativeDigest.prefer();
            }
            trust.init(trusted.read());
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new SSLException("no usable trust store", e);
        }
    }

    /** An IPv6 address without the brackets that it has in a URL. */
    private static String plain(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * All that is asked of a peer, said here because Lambda's runtime client relaxes the JDK's own
     * list of disabled algorithms.
     */
    private static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
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
