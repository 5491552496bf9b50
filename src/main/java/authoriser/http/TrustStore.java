package authoriser.http;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;

/**
 * A file with the certificates of trusted authorities.
 *
 * @param file where it is
 * @param type its type of {@link KeyStore}; the JVM's default one reads PKCS #12 and JKS alike
 * @param password what it was sealed with, if it was
 */
public record TrustStore(File file, String type, Optional<String> password) {

    /**
     * The trust store that {@code javax.net.ssl.trustStore}, {@code javax.net.ssl.trustStoreType}
     * and {@code javax.net.ssl.trustStorePassword} tell of, else the JDK's own.
     */
    public static TrustStore ofJvm() {
        String path = System.getProperty("javax.net.ssl.trustStore", "");
        File file =
                path.isEmpty()
                        ? new File(System.getProperty("java.home"), "lib/security/cacerts")
                        : new File(path);
        return new TrustStore(
                file,
                System.getProperty("javax.net.ssl.trustStoreType", KeyStore.getDefaultType()),
                Optional.ofNullable(System.getProperty("javax.net.ssl.trustStorePassword")));
    }

    KeyStore read() throws GeneralSecurityException, IOException {
        // finding the type out from the file would load every security provider there is
        KeyStore store = KeyStore.getInstance(type);
        try (InputStream input = new FileInputStream(file)) {
            store.load(input, password.isPresent() ? password.get().toCharArray() : null);
        }
        return store;
    }

    @Override
    public String toString() {
        return "TrustStore[" + file + "]";
    }
}
