package authoriser.trust;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file with the certificates of trusted authorities.
 *
 * @param file its path
 * @param type its type for {@link KeyStore}; the JVM's default type reads both PKCS #12 and JKS
 * @param password its password, if it has one
 */
public record TrustStore(File file, String type, Optional<String> password) implements Authorities {
    private static final String EMPTY =
            "holds no certificate; to read one that is sealed with a password,"
                    + " javax.net.ssl.trustStorePassword must be set";

    /**
     * The trust store that {@code javax.net.ssl.trustStore}, {@code javax.net.ssl.trustStoreType}
     * and {@code javax.net.ssl.trustStorePassword} name; otherwise the JDK's own.
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
     * Reads the file. If an index can find the certificates, they are parsed when they are needed;
     * otherwise all are parsed now.
     *
     * @throws UnusableTrustStore naming the setting, if there is no certificate that can be used
     */
    @Override
    public TrustAnchors open() throws UnusableTrustStore {
        byte[] store;
        try (InputStream input = new FileInputStream(file)) {
            store = input.readAllBytes();
        } catch (FileNotFoundException e) {
            throw failure(file.exists() ? "cannot be read" : "does not exist", e);
        } catch (IOException e) {
            throw failure("cannot be read", e);
        }
        Optional<SubjectIndex> index = isPlain() ? SubjectIndex.of(store) : Optional.empty();
        if (index.isPresent()) {
            return TrustAnchors.of(index.get(), () -> parse(store));
        }
        return TrustAnchors.of(parse(store));
    }

    /** Whether the JDK would read both forms that an index supports as a store of this type. */
    private boolean isPlain() {
        return password.isEmpty()
                && (type.equalsIgnoreCase("pkcs12") || type.equalsIgnoreCase("jks"))
                && "true".equalsIgnoreCase(Security.getProperty("keystore.type.compat"));
    }

    /** All trusted certificates, without those that have weak keys. */
    private List<X509Certificate> parse(byte[] bytes) throws UnusableTrustStore {
        List<X509Certificate> strong = new ArrayList<>();
        int read;
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(
                    new ByteArrayInputStream(bytes),
                    password.isPresent() ? password.get().toCharArray() : null);
            read = store.size();
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate
                        && CertificateRules.isStrong(certificate.getPublicKey())) {
                    strong.add(certificate);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw failure(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "does not open with javax.net.ssl.trustStorePassword"
                            : "is not a key store of the type "
                                    + type
                                    + " (javax.net.ssl.trustStoreType)",
                    e);
        }
        if (strong.isEmpty()) {
            throw failure(read == 0 ? EMPTY : "holds certificates with weak keys only", null);
        }
        return List.copyOf(strong);
    }

    @Override
    public boolean sealed() {
        return password.isPresent();
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
