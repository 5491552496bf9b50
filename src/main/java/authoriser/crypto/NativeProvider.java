package authoriser.crypto;

import java.security.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/**
 * TLS and RS256 by BoringSSL: a security provider made of Conscrypt's classes.
 *
 * <p>A starting JVM interprets the JDK's Java code for both, which takes several times as long. The
 * provider is passed to the code that needs it and is not registered, so nothing else in the
 * process changes. It has three services, because Conscrypt's own provider makes about 300 at each
 * start. On a machine for which there is no library, the JDK's providers do the same work more
 * slowly.
 */
public final class NativeProvider extends Provider {
    private static final long serialVersionUID = 1L;

    private static final Optional<Provider> PROVIDER =
            Conscrypt.isAvailable() ? Optional.of(new NativeProvider()) : Optional.empty();

    private NativeProvider() {
        super("NativeProvider", "1", "TLS and RS256 by BoringSSL");
        add("SSLContext", "TLS", "org.conscrypt.OpenSSLContextImpl$TLSv13");
        add("KeyFactory", "RSA", "org.conscrypt.OpenSSLRSAKeyFactory");
        add("Signature", "SHA256withRSA", "org.conscrypt.OpenSSLSignature$SHA256RSA");
    }

    private void add(String type, String algorithm, String implementation) {
        putService(new Service(this, type, algorithm, implementation, List.of(), Map.of()));
    }

    /** The provider; empty if its library cannot be loaded. */
    public static Optional<Provider> find() {
        return PROVIDER;
    }
}
