package authoriser.trust;

import authoriser.trust.StoreReader.Unknown;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the trusted certificates in the bytes of a key store by their subjects.
 *
 * <p>The JDK parses every certificate when it opens a key store. A peer needs one or two of about
 * 145 public authorities, so only those are parsed. The index supports the two forms in which a
 * store has trusted certificates without a password: PKCS #12 (RFC 7292) as {@code keytool} and the
 * JDK's build write it, and JKS. The JDK reads any other store.
 */
final class SubjectIndex {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int BMP_STRING = 0x1e;
    private static final int EXPLICIT = 0xa0;

    /** RFC 7292 section 4 and appendix D, RFC 2985 section 5.5.1. */
    private static final byte[] PKCS7_DATA = bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1);

    private static final byte[] CERTIFICATE_BAG =
            bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1, 3);
    private static final byte[] X509_CERTIFICATE =
            bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1);
    private static final byte[] FRIENDLY_NAME = bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 20);

    /** Oracle's {@code trustedKeyUsage}: the JDK trusts a certificate that has this attribute. */
    private static final byte[] TRUSTED =
            bytes(0x60, 0x86, 0x48, 1, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 1, 1);

    /** Its value as the JDK writes it, {@code anyExtendedKeyUsage} (RFC 5280 section 4.2.1.12). */
    private static final byte[] ANY_USAGE = bytes(0x55, 0x1d, 0x25, 0);

    private static final int JKS_MAGIC = 0xfeedfeed;
    private static final int JKS_TRUSTED = 2;
    private static final int JKS_DIGEST = 20;

    /** The type of a certificate, {@code X.509}. */
    private static final byte[] JKS_TYPE = bytes(0, 5, 'X', '.', '5', '0', '9');

    /** The key of a name that may be equal to a name with another key. */
    private static final int ANY = 0;

    /** The key of a name that is not equal to any name in ASCII. */
    private static final int ACCENTED = 1;

    /** The key of a name without letters and digits. */
    private static final int EMPTY = 2;

    private final byte[] store;

    /** For each certificate its start, its end, and the key of its subject. */
    private int[] certificates = new int[3 * 160];

    private int count;

    private SubjectIndex(byte[] store) {
        this.store = store;
    }

    /** The index of a key store; empty if the store has anything except trusted certificates. */
    static Optional<SubjectIndex> of(byte[] store) {
        SubjectIndex index = new SubjectIndex(store);
        Set<String> aliases = new HashSet<>();
        StoreReader reader = new StoreReader(store);
        try {
            if (reader.more() && reader.next() == SEQUENCE) {
                index.addPkcs12(reader, aliases);
            } else {
                index.addJks(reader, aliases);
            }
            return index.count == 0 ? Optional.empty() : Optional.of(index);
        } catch (Unknown e) {
            return Optional.empty();
        }
    }

    /**
     * The numbers of all certificates whose subject may be equal to one of these names in DER, as
     * the JDK compares names. Empty if there is no such certificate, or if that is unknown.
     */
    Set<Integer> find(List<byte[]> names) {
        Set<Integer> keys = new HashSet<>();
        for (byte[] name : names) {
            keys.add(key(name));
        }
        if (keys.contains(ANY) || keys.contains(ACCENTED)) {
            return Set.of();
        }
        Set<Integer> found = numbers(keys);
        if (!found.isEmpty()) {
            found.addAll(numbers(Set.of(ANY)));
        }
        return found;
    }

    private Set<Integer> numbers(Set<Integer> keys) {
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < count; i++) {
            if (keys.contains(certificates[3 * i + 2])) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /** The number of certificates, which are numbered from 0. */
    int size() {
        return count;
    }

    /** A certificate in DER, by its number. */
    byte[] certificate(int number) {
        return Arrays.copyOfRange(store, certificates[3 * number], certificates[3 * number + 1]);
    }

    private static int key(byte[] name) {
        try {
            return key(new StoreReader(name).only(SEQUENCE));
        } catch (Unknown e) {
            return ANY;
        }
    }

    /**
     * A number that is the same for equal names. The JDK compares names without regard to string
     * types, case and white space (RFC 5280 section 7.1), so it is made of the ASCII letters and
     * digits in the last part of a name. Another character may be equal to these in upper case or
     * after normalisation (form NFKD), but a letter with an accent keeps the accent. {@code #}
     * introduces a value in DER.
     */
    private static int key(StoreReader name) throws Unknown {
        if (!name.more()) {
            return EMPTY;
        }
        StoreReader last = name.last(SET);
        StoreReader attribute = last.element(SEQUENCE);
        if (last.more()) { // several attributes, in any order
            return ANY;
        }
        attribute.skipElement(OBJECT_IDENTIFIER);
        return attribute.only(attribute.next()).letters(EMPTY, ANY, ACCENTED);
    }

    private void addPkcs12(StoreReader store, Set<String> aliases) throws Unknown {
        StoreReader pfx = store.only(SEQUENCE);
        StoreReader version = pfx.element(INTEGER);
        if (version.length() != 1 || version.octet() != 3) {
            throw new Unknown();
        }
        StoreReader safe = data(pfx).only(SEQUENCE);
        while (safe.more()) {
            StoreReader bags = data(safe).only(SEQUENCE);
            while (bags.more()) {
                addBag(bags.element(SEQUENCE), aliases);
            }
        }
        if (pfx.more()) { // a MAC, which cannot be checked without the password
            pfx.only(SEQUENCE);
        }
    }

    /** The content of a ContentInfo of the type data: not encrypted and not signed. */
    private static StoreReader data(StoreReader outer) throws Unknown {
        StoreReader info = outer.element(SEQUENCE);
        skipIdentifier(info, PKCS7_DATA);
        return info.only(EXPLICIT).only(OCTET_STRING);
    }

    private void addBag(StoreReader bag, Set<String> aliases) throws Unknown {
        skipIdentifier(bag, CERTIFICATE_BAG);
        StoreReader value = bag.element(EXPLICIT).only(SEQUENCE);
        skipIdentifier(value, X509_CERTIFICATE);
        StoreReader octets = value.only(EXPLICIT).only(OCTET_STRING);
        StoreReader attributes = bag.only(SET);
        boolean trusted = false;
        boolean named = false;
        while (attributes.more()) {
            StoreReader attribute = attributes.element(SEQUENCE);
            StoreReader type = attribute.element(OBJECT_IDENTIFIER);
            StoreReader values = attribute.only(SET);
            if (type.is(TRUSTED) && !trusted) {
                skipIdentifier(values, ANY_USAGE);
                values.end();
                trusted = true;
            } else if (type.is(FRIENDLY_NAME) && !named) {
                add(aliases, values.only(BMP_STRING).utf16().toLowerCase(Locale.ENGLISH));
                named = true;
            } else {
                throw new Unknown();
            }
        }
        if (!trusted || !named) {
            throw new Unknown();
        }
        addCertificate(octets);
    }

    /** Skips the next object identifier, which must be this one. */
    private static void skipIdentifier(StoreReader outer, byte[] expected) throws Unknown {
        if (!outer.element(OBJECT_IDENTIFIER).is(expected)) {
            throw new Unknown();
        }
    }

    private void addJks(StoreReader store, Set<String> aliases) throws Unknown {
        int magic = store.int32();
        int version = store.int32();
        int entries = store.int32();
        if (magic != JKS_MAGIC || version != 2 || entries < 0) {
            throw new Unknown();
        }
        for (int i = 0; i < entries; i++) {
            if (store.int32() != JKS_TRUSTED) {
                throw new Unknown();
            }
            String alias = store.javaUtf();
            if (!alias.equals(alias.toLowerCase(Locale.ENGLISH))) {
                throw new Unknown(); // the JDK does not trust it: it looks for the lower case
            }
            add(aliases, alias);
            store.skip(8); // its date
            if (!store.part(JKS_TYPE.length).is(JKS_TYPE)) {
                throw new Unknown();
            }
            addCertificate(store.part(store.int32()));
        }
        store.skip(JKS_DIGEST);
        store.end();
    }

    /** A second certificate of the same alias would replace the first one in the JDK. */
    private static void add(Set<String> aliases, String alias) throws Unknown {
        if (!aliases.add(alias)) {
            throw new Unknown();
        }
    }

    private void addCertificate(StoreReader octets) throws Unknown {
        int start = octets.position();
        StoreReader content = octets.only(SEQUENCE).element(SEQUENCE);
        if (content.next() == EXPLICIT) {
            content.skipElement(EXPLICIT); // version
        }
        content.skipElement(INTEGER); // serial number
        content.skipElement(SEQUENCE); // signature algorithm
        content.skipElement(SEQUENCE); // issuer
        content.skipElement(SEQUENCE); // validity
        int subject = key(content.element(SEQUENCE));
        if (3 * count == certificates.length) {
            certificates = Arrays.copyOf(certificates, 2 * certificates.length);
        }
        certificates[3 * count] = start;
        certificates[3 * count + 1] = octets.position();
        certificates[3 * count + 2] = subject;
        count++;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
