package authoriser.http;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;

/**
 * A file with the certificates of trusted authorities, in any format that the JVM knows.
 *
 * @param file where it is
 * @param password what it was sealed with, if it was
 */
public record TrustStore(File file, Optional<String> password) {

    /**
     * The trust store that {@code javax.net.ssl.trustStore} and {@code
     * javax.net.ssl.trustStorePassword} name, else the JDK's own.
     */
    public static TrustStore ofJvm() {
        String path = System.getProperty("javax.net.ssl.trustStore", "");
        File file =
                path.isEmpty()
                        ? new File(System.getProperty("java.home"), "lib/security/cacerts")
                        : new File(path);
        return new TrustStore(
                file, Optional.ofNullable(System.getProperty("javax.net.ssl.trustStorePassword")));
    }

    KeyStore read() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(file, password.map(String::toCharArray).orElse(null));
    }

    @Override
    public String toString() {
        return "TrustStore[" + file + "]";
    }
}
