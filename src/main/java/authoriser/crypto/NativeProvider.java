package authoriser.crypto;

import java.security.Provider;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/**
 * BoringSSL as a security provider, by way of Conscrypt.
 *
 * <p>It verifies an RSA signature in the time that interpreted or C1-compiled Java takes for a
 * tenth of one, from the first on, and a first TLS handshake costs a third of the JDK's. It is
 * asked for by name, here and there, and not registered: nothing else in the process changes. Where
 * its library is not to be had, on a machine that it is not built for, the JDK's own providers do
 * the same, only slower.
 */
public final class NativeProvider {
    private static final Optional<Provider> PROVIDER =
            Conscrypt.isAvailable() ? Optional.of(Conscrypt.newProvider()) : Optional.empty();

    private NativeProvider() {}

    /** The provider; empty where its library cannot be loaded. */
    public static Optional<Provider> find() {
        return PROVIDER;
    }
}
