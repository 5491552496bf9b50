package authoriser.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The trust anchors (RFC 5280 section 6.1.1) of a set of authorities, each read when a chain of
 * certificates first names it.
 *
 * <p>The paths that the JDK finds for a chain depend only on the anchors that the chain names.
 * {@link #namedBy} has all of these, so its decision is the same as that of {@link #all}. For a
 * chain that names no anchor, all anchors decide.
 */
public final class TrustAnchors {
    private final @Nullable SubjectIndex index;
    private final Reading reading;
    private volatile @Nullable Known known;

    private TrustAnchors(@Nullable SubjectIndex index, Reading reading) {
        this.index = index;
        this.reading = reading;
    }

    /** Reads all certificates that have strong keys. */
    @FunctionalInterface
    interface Reading {
        /** Reads them now. */
        List<X509Certificate> read() throws UnusableTrustStore;
    }

    /**
     * Anchors that have been read.
     *
     * @param pkix the trust manager with these anchors
     * @param numbers the numbers in the index of those that were read
     * @param complete whether all anchors were read
     */
    record Known(X509TrustManager pkix, Set<Integer> numbers, boolean complete) {
        private boolean has(Set<Integer> others) {
            return complete || numbers.containsAll(others);
        }
    }

    /** Anchors that have been read already. */
    static TrustAnchors of(List<X509Certificate> certificates) {
        return new TrustAnchors(null, () -> certificates);
    }

    /**
     * Anchors that are found by their subjects.
     *
     * @param all reads all of them, if that is needed
     */
    static TrustAnchors of(SubjectIndex index, Reading all) {
        return new TrustAnchors(index, all);
    }

    /** At least those anchors that the subjects and issuers in a chain name. */
    Known namedBy(X509Certificate[] chain) throws UnusableTrustStore, CertificateException {
        Known found = known;
        if (index == null || (found != null && found.complete)) {
            return all();
        }
        Set<Integer> numbers = index.find(names(chain));
        if (numbers.isEmpty()) {
            return all();
        }
        if (found == null || !found.has(numbers)) {
            synchronized (this) {
                found = known;
                if (found == null || !found.has(numbers)) {
                    found = read(index, found == null ? numbers : union(found.numbers, numbers));
                    known = found;
                }
            }
        }
        return found;
    }

    /** All anchors. */
    Known all() throws UnusableTrustStore, CertificateException {
        Known found = known;
        if (found == null || !found.complete) {
            synchronized (this) {
                found = known;
                if (found == null || !found.complete) {
                    found = new Known(pkix(reading.read()), Set.of(), true);
                    known = found;
                }
            }
        }
        return found;
    }

    private static List<byte[]> names(X509Certificate[] chain) {
        List<byte[]> names = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            names.add(certificate.getSubjectX500Principal().getEncoded());
            names.add(certificate.getIssuerX500Principal().getEncoded());
        }
        return names;
    }

    private static Set<Integer> union(Set<Integer> some, Set<Integer> others) {
        Set<Integer> union = new HashSet<>(some);
        union.addAll(others);
        return union;
    }

    private Known read(SubjectIndex index, Set<Integer> numbers)
            throws UnusableTrustStore, CertificateException {
        List<X509Certificate> strong = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int number : numbers) {
                X509Certificate certificate =
                        (X509Certificate)
                                factory.generateCertificate(
                                        new ByteArrayInputStream(index.certificate(number)));
                if (CertificateRules.isStrong(certificate.getPublicKey())) {
                    strong.add(certificate);
                }
            }
        } catch (CertificateException e) {
            return all(); // its exception says what is wrong with the store
        }
        return strong.isEmpty() ? all() : new Known(pkix(strong), numbers, false);
    }

    private static X509TrustManager pkix(List<X509Certificate> certificates)
            throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException(e);
        }
    }
}
