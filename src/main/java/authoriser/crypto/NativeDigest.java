package authoriser.crypto;

import java.security.Provider;
import java.security.Security;

/**
 * SHA-256 by BoringSSL, for all code in this JVM that names no provider.
 *
 * <p>The JDK's SHA-256 is Java code, which a starting JVM interprets. Opening a PKCS #12 file with
 * a password computes about 50,000 blocks of it.
 */
public final class NativeDigest extends Provider {
    private static final long serialVersionUID = 1L;

    private NativeDigest() {
        super("NativeDigest", "1", "SHA-256 by BoringSSL");
        put("MessageDigest.SHA-256", "org.conscrypt.OpenSSLMessageDigestJDK$SHA256");
    }

    /**
     * Puts it before the JDK's provider, if the library can be loaded. Repeated calls do nothing.
     */
    public static void prefer() {
        if (NativeProvider.find().isPresent()) {
            Security.insertProviderAt(new NativeDigest(), 1);
        }
    }
}
