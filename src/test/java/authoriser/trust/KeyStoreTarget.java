package authoriser.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.fuzzing.FuzzTarget;
import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Key stores: an index of a store must hold what the JDK trusts by that store. */
public final class KeyStoreTarget implements FuzzTarget {
    private final CertificateFactory factory;
    private final byte[] good;
    private final byte[] inGood;

    public KeyStoreTarget() {
        try {
            factory = CertificateFactory.getInstance("X.509");
            X509Certificate authority = Identity.selfSigned(Order.ec("root").authority()).own();
            good = StoreFiles.pkcs12(List.of(authority));
            inGood = authority.getEncoded();
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void take(byte[] input) {
        read(input);
        assertArrayEquals(inGood, SubjectIndex.of(good).orElseThrow().certificate(0));
    }

    private void read(byte[] input) {
        Optional<SubjectIndex> index = SubjectIndex.of(input);
        if (index.isEmpty()) {
            return; // the JDK reads such a store
        }
        Set<Certificate> indexed = new HashSet<>();
        try {
            for (int i = 0; i < index.get().size(); i++) {
                byte[] certificate = index.get().certificate(i);
                indexed.add(factory.generateCertificate(new ByteArrayInputStream(certificate)));
            }
        } catch (CertificateException e) {
            return; // found when a chain names it, and then the JDK reads the store
        }
        assertEquals(StoreFiles.trustedByJdk(input), Optional.of(indexed));
        index.get().find(List.of(input));
    }
}
