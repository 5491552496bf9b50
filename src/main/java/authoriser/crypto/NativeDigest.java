package authoriser.crypto;

import java.security.Provider;
import java.security.Security;

/**
 * BoringSSL's SHA-256, and nothing else of it, for whatever in this JVM asks for no provider by
 * name.
 *
 * <p>The JDK's own is Java, which a starting JVM interprets. Opening a PKCS #12 file that is sealed
 * with a password takes some 50,000 blocks of it.
 */
public final class NativeDigest extends Provider {
    private static final long serialVersionUID = 1L;

    private NativeDigest() {
        super("NativeDigest", "1", "SHA-256 by BoringSSL");
        put("MessageDigest.SHA-256", "org.conscrypt.OpenSSLMessageDigestJDK$SHA256");
    }

    /** Puts it before the JDK's own, where the library can be loaded; once is enough. */
    public static void prefer() {
        if (NativeProvider.find().isPresent()) {
            Security.insertProviderAt(new NativeDigest(), 1);
        }
    }
}
