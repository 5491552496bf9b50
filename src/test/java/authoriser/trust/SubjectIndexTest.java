package authoriser.trust;

import static authoriser.standin.Der.der;
import static authoriser.standin.Der.hex;
import static authoriser.standin.Der.joined;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An index has exactly the certificates of the store that the JDK trusts. */
final class SubjectIndexTest {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTET_STRING = 0x04;
    private static final int EXPLICIT = 0xa0;

    private static final Path OF_JVM =
            Path.of(System.getProperty("java.home"), "lib/security/cacerts");

    private static final byte[] DATA = hex("06092a864886f70d010701");
    private static final byte[] TRUSTED = attribute("060c6086480186f966adca7b0101", "0604551d2500");
    private static final byte[] LOCAL_KEY_ID = attribute("06092a864886f70d010915", "04020001");

    private static final Identity ROOT = Identity.selfSigned(Order.ec("root").authority());
    private static final Identity OTHER = Identity.selfSigned(Order.ec("other").authority());

    private static final byte[] A = bag(ROOT, name("a"), TRUSTED);
    private static final byte[] B = bag(OTHER, name("b"), TRUSTED);

    /** The certificates of an index. Empty without an index, or if one cannot be parsed. */
    private static Optional<Set<Certificate>> indexed(byte[] store) {
        Optional<SubjectIndex> index = SubjectIndex.of(store);
        if (index.isEmpty()) {
            return Optional.empty();
        }
        Set<Certificate> parsed = new HashSet<>();
        try {
            for (int i = 0; i < index.get().size(); i++) {
                parsed.add(parsed(index.get().certificate(i)));
            }
            return Optional.of(parsed);
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static Certificate parsed(byte[] certificate) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate));
    }

    @Test
    void indexesTheWholeStoreOfTheJvm() throws IOException {
        byte[] store = Files.readAllBytes(OF_JVM);

        assertEquals(StoreFiles.trustedByJdk(store), indexed(store));
    }

    @Test
    void findsEachAuthorityOfTheJvmWithAnAsciiSubject() throws IOException, CertificateException {
        byte[] store = Files.readAllBytes(OF_JVM);
        SubjectIndex index = SubjectIndex.of(store).orElseThrow();

        for (Certificate trusted : StoreFiles.trustedByJdk(store).orElseThrow()) {
            X500Principal subject = ((X509Certificate) trusted).getSubjectX500Principal();
            boolean ascii = subject.getName().chars().allMatch(c -> c < 0x80);
            assertTrue(
                    !ascii || found(index, subject.getEncoded()).contains(trusted),
                    subject::getName);
        }
    }

    private static Set<Certificate> found(SubjectIndex index, byte[]... names)
            throws CertificateException {
        Set<Certificate> found = new HashSet<>();
        for (int number : index.find(List.of(names))) {
            found.add(parsed(index.certificate(number)));
        }
        return found;
    }

    private static byte[] subject(Identity identity) {
        return identity.own().getSubjectX500Principal().getEncoded();
    }

    @Test
    void findsNothingForAnUnknownName() throws CertificateException {
        SubjectIndex index = SubjectIndex.of(pkcs12(A)).orElseThrow();

        assertEquals(Set.of(), found(index, subject(OTHER)));
        assertEquals(Set.of(), found(index, new byte[0]));
        assertEquals(Set.of(), found(index));
    }

    /** No result means that all certificates must be read. */
    @Test
    void findsASubjectByEachNameThatTheJdkTreatsAsEqual() {
        Random random = new Random(32);
        int equal = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] subject = name(random);
            byte[] sought = name(random);
            if (!Arrays.equals(subject, sought)
                    && new X500Principal(subject).equals(new X500Principal(sought))) {
                byte[] store =
                        jks(2, entry("a", certificate(subject)), entry("b", certificate(sought)));
                Set<Integer> found = SubjectIndex.of(store).orElseThrow().find(List.of(sought));
                assertTrue(found.isEmpty() || found.equals(Set.of(0, 1)), "names " + i);
                equal++;
            }
        }
        assertTrue(equal > 100, "equal " + equal);
    }

    private static byte[] name(Random random) {
        String[] texts = {
            "a", "A", " ", "\t", "#", "0", "s", "S", "\u00e9", "\u00c9", "e\u0301", "\u00df",
            "\u017f", "\uff21", "\uff0c", "\\"
        };
        int[] types = {0x0c, 0x0c, 0x13, 0x16};
        byte[][] parts = new byte[random.nextInt(3)][];
        for (int i = 0; i < parts.length; i++) {
            byte[][] attributes = new byte[1 + random.nextInt(8) / 7][];
            for (int j = 0; j < attributes.length; j++) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(4); k > 0; k--) {
                    text.append(texts[random.nextInt(texts.length)]);
                }
                attributes[j] =
                        der(
                                SEQUENCE,
                                hex(random.nextBoolean() ? "0603550403" : "060355040a"),
                                der(
                                        types[random.nextInt(types.length)],
                                        text.toString().getBytes(StandardCharsets.UTF_8)));
            }
            parts[i] = der(SET, attributes);
        }
        return der(SEQUENCE, parts);
    }

    /** The part of a certificate that an index reads. */
    private static byte[] certificate(byte[] subject) {
        byte[] none = der(SEQUENCE);
        return der(SEQUENCE, der(SEQUENCE, hex("020101"), none, none, none, subject));
    }

    static Stream<Arguments> indexedStores() throws GeneralSecurityException, IOException {
        List<X509Certificate> two = List.of(ROOT.own(), OTHER.own());
        return Stream.of(
                Arguments.of("PKCS #12 of the JDK", StoreFiles.pkcs12(two)),
                Arguments.of("JKS of the JDK", StoreFiles.jks(two)),
                Arguments.of("PKCS #12", pkcs12(joined(A, B))),
                Arguments.of("several SafeContents", pkcs12Of(contents(A), contents(B))),
                Arguments.of("an empty SafeContents", pkcs12Of(contents(), contents(joined(A, B)))),
                Arguments.of("a MAC", pfx(content(joined(contents(A), contents(B))), hex("3000"))),
                Arguments.of(
                        "one certificate twice, by two aliases",
                        pkcs12(joined(A, B, bag(ROOT, name("c"), TRUSTED)))),
                Arguments.of(
                        "an alias that is not Latin",
                        pkcs12(joined(A, bag(OTHER, name("\u0151"), TRUSTED)))),
                Arguments.of(
                        "an alias in JKS that is not Latin",
                        jks(2, entry("a", ROOT), entry("\u0151", OTHER))),
                Arguments.of("upper case", pkcs12(joined(bag(ROOT, name("A"), TRUSTED), B))));
    }

    @ParameterizedTest
    @MethodSource("indexedStores")
    void indexesAStoreOfTrustedCertificates(String name, byte[] store) {
        assertEquals(Optional.of(Set.of(ROOT.own(), OTHER.own())), indexed(store), name);
        assertEquals(StoreFiles.trustedByJdk(store), indexed(store), name);
    }

    static Stream<Arguments> otherStores() throws GeneralSecurityException, IOException {
        byte[] good = pkcs12(A);
        byte[] goodJks = jks(2, entry("a", ROOT));
        List<X509Certificate> one = List.of(ROOT.own());
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of("an octet", new byte[] {SEQUENCE}),
                Arguments.of("no certificate", pkcs12()),
                Arguments.of("no SafeContents", pkcs12Of()),
                Arguments.of("JKS without certificates", jks(2)),
                Arguments.of(
                        "a password", StoreFiles.written("PKCS12", one, "changeit".toCharArray())),
                Arguments.of("a key", withKey("PKCS12")),
                Arguments.of("a key in JKS", withKey("JKS")),
                Arguments.of("JCEKS", StoreFiles.written("JCEKS", one, "changeit".toCharArray())),
                Arguments.of("something encrypted", pkcs12Of(contents(A), encrypted())),
                Arguments.of("an alias twice", pkcs12(joined(A, bag(OTHER, name("a"), TRUSTED)))),
                Arguments.of(
                        "an alias twice by case",
                        pkcs12(joined(A, bag(OTHER, name("A"), TRUSTED)))),
                Arguments.of(
                        "an alias in two SafeContents",
                        pkcs12Of(contents(A), contents(bag(OTHER, name("a"), TRUSTED)))),
                Arguments.of(
                        "aliases that are no whole UTF-16",
                        pkcs12(
                                joined(
                                        bag(ROOT, bmp(hex("006100")), TRUSTED),
                                        bag(OTHER, name("a\ufffd"), TRUSTED)))),
                Arguments.of("no alias", pkcs12(bag(ROOT, TRUSTED))),
                Arguments.of("two aliases", pkcs12(bag(ROOT, name("a"), name("b"), TRUSTED))),
                Arguments.of("not trusted", pkcs12(bag(ROOT, name("a")))),
                Arguments.of("one not trusted", pkcs12(joined(A, bag(OTHER, name("b"))))),
                Arguments.of("trusted twice", pkcs12(bag(ROOT, name("a"), TRUSTED, TRUSTED))),
                Arguments.of(
                        "trusted for servers only",
                        pkcs12(
                                bag(
                                        ROOT,
                                        name("a"),
                                        attribute(
                                                "060c6086480186f966adca7b0101",
                                                "06082b06010505070301")))),
                Arguments.of(
                        "a usage that is no object identifier",
                        pkcs12(
                                bag(
                                        ROOT,
                                        name("a"),
                                        attribute("060c6086480186f966adca7b0101", "020101")))),
                Arguments.of("a key's id", pkcs12(bag(ROOT, name("a"), TRUSTED, LOCAL_KEY_ID))),
                Arguments.of("another bag", pkcs12(joined(A, crlBag()))),
                Arguments.of("more after it", joined(good, hex("00"))),
                Arguments.of("less of it", Arrays.copyOf(good, good.length - 1)),
                Arguments.of("a length that is not the shortest", redundantLength(good)),
                Arguments.of("without a length", joined(hex("3080"), good, hex("0000"))),
                Arguments.of("a length of 4 GiB", hex("3084ffffffff")),
                Arguments.of("a length of 16 MiB", hex("3083ffffff")),
                Arguments.of("JKS of version 1", jks(1, entryWithoutType("a", ROOT))),
                Arguments.of("JKS of version 3", jks(3, entry("a", ROOT))),
                Arguments.of("an alias in JKS twice", jks(2, entry("a", ROOT), entry("a", OTHER))),
                Arguments.of(
                        "an alias in JKS in upper case",
                        jks(2, entry("a", ROOT), entry("B", OTHER))),
                Arguments.of(
                        "an alias in JKS in upper case, not Latin",
                        jks(2, entry("a", ROOT), entry("\u00c9", OTHER))),
                Arguments.of(
                        "an alias in JKS in two encodings",
                        jks(2, entry("a", ROOT), entry(hex("0002c1a1"), "X.509", OTHER))),
                Arguments.of(
                        "an alias in JKS of four octets for a character",
                        jks(2, entry(hex("0004f0908080"), "X.509", ROOT))),
                Arguments.of(
                        "an alias in JKS that is no text",
                        jks(2, entry(hex("0001ff"), "X.509", ROOT))),
                Arguments.of("another type in JKS", jks(2, entry(hex("000161"), "X509", ROOT))),
                Arguments.of("more after JKS", joined(goodJks, hex("00"))),
                Arguments.of("less of JKS", Arrays.copyOf(goodJks, goodJks.length - 1)),
                Arguments.of("JKS with too few entries", hex("feedfeed000000027fffffff")),
                Arguments.of("JKS with -1 entries", hex("feedfeed00000002ffffffff")),
                Arguments.of(
                        "a certificate of -1 octets in JKS",
                        joined(
                                hex("feedfeed0000000200000001"),
                                hex("00000002" + "000161" + "0000000000000000"),
                                hex("0005582e353039" + "ffffffff"))));
    }

    @ParameterizedTest
    @MethodSource("otherStores")
    void hasNoIndexForAnyOtherStore(String name, byte[] store) {
        assertTrue(SubjectIndex.of(store).isEmpty(), name);
    }

    /** An attacker cannot write the store, but an unknown tool may have written it. */
    @Test
    void hasNoIndexOrTheCertificatesOfTheJdkForAChangedStore() {
        Random random = new Random(31);
        List<byte[]> stores =
                List.of(
                        pkcs12Of(contents(joined(A, B)), contents(bag(ROOT, name("c"), TRUSTED))),
                        jks(2, entry("a", ROOT), entry("b", OTHER)));
        int compared = 0;
        for (int i = 0; i < 6000; i++) {
            byte[] changed = changed(stores.get(i % 2), random);
            Optional<Set<Certificate>> indexed = indexed(changed);
            if (indexed.isPresent()) {
                assertEquals(StoreFiles.trustedByJdk(changed), indexed, "change " + i);
                compared++;
            }
        }
        assertTrue(compared > 1000, "compared " + compared);
    }

    private static byte[] changed(byte[] store, Random random) {
        byte[] changed = store.clone();
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed = joined(Arrays.copyOf(changed, at), from(changed, at + 1));
                default -> changed[at] = changed[random.nextInt(changed.length)];
            }
        }
        return changed;
    }

    private static byte[] from(byte[] bytes, int start) {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    private static byte[] redundantLength(byte[] store) {
        int length = store.length - 4; // after the tag and a length in two octets
        return joined(
                new byte[] {SEQUENCE, (byte) 0x83, 0, (byte) (length >> 8), (byte) length},
                from(store, 4));
    }

    private static byte[] withKey(String type) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setCertificateEntry("a", OTHER.own());
        store.setKeyEntry(
                "b",
                ROOT.keys().getPrivate(),
                "changeit".toCharArray(),
                new Certificate[] {ROOT.own()});
        return StoreFiles.written(store, "changeit".toCharArray());
    }

    private static byte[] pkcs12(byte[]... bags) {
        return pkcs12Of(contents(joined(bags)));
    }

    private static byte[] pkcs12Of(byte[]... contents) {
        return pfx(content(contents));
    }

    private static byte[] pfx(byte[]... parts) {
        return der(SEQUENCE, hex("020103"), joined(parts));
    }

    /** A ContentInfo of data that are a sequence. */
    private static byte[] content(byte[]... parts) {
        byte[] octets = der(OCTET_STRING, der(SEQUENCE, parts));
        return der(SEQUENCE, DATA, der(EXPLICIT, octets));
    }

    private static byte[] contents(byte[]... bags) {
        return content(bags);
    }

    private static byte[] encrypted() {
        return der(SEQUENCE, hex("06092a864886f70d010706"), der(EXPLICIT, hex("3000")));
    }

    private static byte[] bag(Identity identity, byte[]... attributes) {
        try {
            byte[] octets = der(OCTET_STRING, identity.own().getEncoded());
            return der(
                    SEQUENCE,
                    hex("060b2a864886f70d010c0a0103"),
                    der(
                            EXPLICIT,
                            der(SEQUENCE, hex("060a2a864886f70d01091601"), der(EXPLICIT, octets))),
                    der(SET, attributes));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] crlBag() {
        return der(
                SEQUENCE,
                hex("060b2a864886f70d010c0a0104"),
                der(EXPLICIT, hex("3000")),
                der(SET, name("crl")));
    }

    private static byte[] name(String alias) {
        return bmp(alias.getBytes(StandardCharsets.UTF_16BE));
    }

    private static byte[] bmp(byte[] octets) {
        return der(SEQUENCE, hex("06092a864886f70d010914"), der(SET, der(0x1e, octets)));
    }

    private static byte[] attribute(String type, String value) {
        return der(SEQUENCE, hex(type), der(SET, hex(value)));
    }

    private static byte[] jks(int version, byte[]... entries) {
        return joined(
                hex("feedfeed"),
                int32(version),
                int32(entries.length),
                joined(entries),
                new byte[20]);
    }

    private static byte[] entry(String alias, byte[] certificate) {
        return joined(
                int32(2),
                utf(alias),
                new byte[8],
                utf("X.509"),
                int32(certificate.length),
                certificate);
    }

    private static byte[] entry(String alias, Identity identity) {
        return entry(utf(alias), "X.509", identity);
    }

    private static byte[] entry(byte[] alias, String type, Identity identity) {
        return entry(alias, utf(type), identity);
    }

    private static byte[] entryWithoutType(String alias, Identity identity) {
        return entry(utf(alias), new byte[0], identity);
    }

    private static byte[] entry(byte[] alias, byte[] type, Identity identity) {
        try {
            byte[] certificate = identity.own().getEncoded();
            return joined(
                    int32(2), alias, new byte[8], type, int32(certificate.length), certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] int32(int value) {
        return new byte[] {
            (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
        };
    }

    private static byte[] utf(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new DataOutputStream(out).writeUTF(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
