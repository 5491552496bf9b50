package authoriser.trust;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file with the certificates of trusted authorities.
 *
 * @param file where it is
 * @param type its type of {@link KeyStore}; the JVM's default one reads PKCS #12 and JKS alike
 * @param password what it was sealed with, if it was
 */
public record TrustStore(File file, String type, Optional<String> password) implements Authorities {
    private static final String EMPTY =
            "holds no certificate; to read one that is sealed with a password,"
                    + " javax.net.ssl.trustStorePassword must be set";

    /**
     * The trust store that {@code javax.net.ssl.trustStore}, {@code javax.net.ssl.trustStoreType}
     * and {@code javax.net.ssl.trustStorePassword} name, else the JDK's own.
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

    /**
     * Reads the certificates, and leaves out those with weak keys.
     *
     * @throws IOException naming the setting, if there is no certificate in it that can be used
     */
    @Override
    public KeyStore read() throws IOException {
        // finding the type out from the file would load every security provider there is
        try (InputStream input = new FileInputStream(file)) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(input, password.isPresent() ? password.get().toCharArray() : null);
            int read = store.size();
            removeWeak(store);
            if (store.size() == 0) {
                throw failure(read == 0 ? EMPTY : "holds certificates with weak keys only", null);
            }
            return store;
        } catch (UnusableTrustStore e) {
            throw e;
        } catch (FileNotFoundException e) {
            throw failure(file.exists() ? "cannot be read" : "does not exist", e);
        } catch (IOException | GeneralSecurityException e) {
            throw failure(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "does not open with javax.net.ssl.trustStorePassword"
                            : "is no key store of the type "
                                    + type
                                    + " (javax.net.ssl.trustStoreType)",
                    e);
        }
    }

    @Override
    public boolean sealed() {
        return password.isPresent();
    }

    private static void removeWeak(KeyStore store) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.getCertificate(alias);
            if (certificate == null || !CertificateRules.isStrong(certificate.getPublicKey())) {
                store.deleteEntry(alias);
            }
        }
    }

    private UnusableTrustStore failure(String problem, @Nullable Exception cause) {
        return new UnusableTrustStore(
                "the trust store " + file + " (javax.net.ssl.trustStore) " + problem, cause);
    }

    @Override
    public String toString() {
        return "TrustStore[" + file + "]";
    }
}
