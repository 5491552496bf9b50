package authoriser.trust;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Key stores as bytes, and the certificates that the JDK reads from them. */
final class StoreFiles {
    private StoreFiles() {}

    /** A store without a password. */
    static byte[] pkcs12(List<X509Certificate> certificates) {
        return written("PKCS12", certificates, null);
    }

    /** A store with a password for its integrity only. */
    static byte[] jks(List<X509Certificate> certificates) {
        return written("JKS", certificates, "changeit".toCharArray());
    }

    static byte[] written(String type, List<X509Certificate> certificates, char[] password) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority " + i, certificates.get(i));
            }
            return written(store, password);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("A store can't be made", e);
        }
    }

    static byte[] written(KeyStore store, char[] password) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            store.store(out, password);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("A store can't be written", e);
        }
        return out.toByteArray();
    }

    /** The certificates of a store that the JDK trusts. Empty if the JDK cannot read the store. */
    static Optional<Set<Certificate>> trustedByJdk(byte[] store) {
        Set<Certificate> trusted = new HashSet<>();
        try {
            KeyStore opened = KeyStore.getInstance("PKCS12");
            opened.load(new ByteArrayInputStream(store), null);
            for (String alias : Collections.list(opened.aliases())) {
                if (opened.isCertificateEntry(alias)) {
                    trusted.add(opened.getCertificate(alias));
                }
            }
            return Optional.of(trusted);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    static TrustStore file(Path directory, byte[] store) {
        return new TrustStore(write(directory, store).toFile(), "PKCS12", Optional.empty());
    }

    /** The same file, read by the JDK at once: whether there is an index depends on a password. */
    static TrustStore readByJdk(TrustStore plain) {
        return new TrustStore(plain.file(), plain.type(), Optional.of("changeit"));
    }

    private static Path write(Path directory, byte[] store) {
        try {
            return Files.write(Files.createTempFile(directory, "trust", ".store"), store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
