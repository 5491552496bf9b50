package authoriser.trust;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where each trusted certificate and its subject are in the bytes of a key store.
 *
 * <p>The JDK parses every certificate when it opens a key store. A peer needs one or two of the
 * some 145 public authorities, so only those are parsed. It knows the two forms in which a store
 * has trusted certificates without a password: PKCS #12 (RFC 7292) as {@code keytool} and the JDK's
 * build write it, and JKS. A store that holds anything else has no index, and is left to the JDK.
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

    private static final int JKS_MAGIC = 0xfeedfeed;
    private static final int JKS_TRUSTED = 2;
    private static final int JKS_DIGEST = 20;

    private final byte[] store;

    /** For each certificate four positions: its start and end, and those of its subject. */
    private int[] positions = new int[4 * 160];

    private int count;

    private SubjectIndex(byte[] store) {
        this.store = store;
    }

    /** Something in the store that an index does not know. */
    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super(null, null, false, false);
        }
    }

    /** The index of a key store; empty if it holds anything but trusted certificates as such. */
    static Optional<SubjectIndex> of(byte[] store) {
        SubjectIndex index = new SubjectIndex(store);
        Set<String> aliases = new HashSet<>();
        try {
            Reader reader = index.new Reader(0, store.length);
            if (store.length > 4 && reader.int32() == JKS_MAGIC) {
                index.addJks(reader, aliases);
            } else {
                index.addPkcs12(index.new Reader(0, store.length), aliases);
            }
            return index.count == 0 ? Optional.empty() : Optional.of(index);
        } catch (Unknown e) {
            return Optional.empty();
        }
    }

    /**
     * The numbers of the certificates whose subject is, byte by byte, one of these names in DER.
     */
    Set<Integer> find(List<byte[]> names) {
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int start = positions[4 * i + 2];
            int end = positions[4 * i + 3];
            for (byte[] name : names) {
                if (name.length == end - start
                        && Arrays.equals(store, start, end, name, 0, name.length)) {
                    found.add(i);
                    break;
                }
            }
        }
        return found;
    }

    /** A certificate in DER, by its number. */
    byte[] certificate(int number) {
        return Arrays.copyOfRange(store, positions[4 * number], positions[4 * number + 1]);
    }

    private void addPkcs12(Reader store, Set<String> aliases) throws Unknown {
        Reader pfx = store.only(SEQUENCE);
        Reader version = pfx.element(INTEGER);
        if (version.length() != 1 || version.octet() != 3) {
            throw new Unknown();
        }
        Reader safe = data(pfx).only(SEQUENCE);
        while (safe.more()) {
            Reader bags = data(safe).only(SEQUENCE);
            while (bags.more()) {
                addBag(bags.element(SEQUENCE), aliases);
            }
        }
        if (pfx.more()) { // a MAC, which nobody can check without the password
            pfx.only(SEQUENCE);
        }
    }

    /** The content of a ContentInfo that is neither encrypted nor signed. */
    private Reader data(Reader outer) throws Unknown {
        Reader info = outer.element(SEQUENCE);
        info.identifier(PKCS7_DATA);
        return info.only(EXPLICIT).only(OCTET_STRING);
    }

    private void addBag(Reader bag, Set<String> aliases) throws Unknown {
        bag.identifier(CERTIFICATE_BAG);
        Reader value = bag.element(EXPLICIT).only(SEQUENCE);
        value.identifier(X509_CERTIFICATE);
        Reader octets = value.only(EXPLICIT).only(OCTET_STRING);
        Reader attributes = bag.only(SET);
        boolean trusted = false;
        boolean named = false;
        while (attributes.more()) {
            Reader attribute = attributes.element(SEQUENCE);
            Reader type = attribute.element(OBJECT_IDENTIFIER);
            Reader values = attribute.only(SET);
            if (type.is(TRUSTED) && !trusted) {
                trusted = true;
            } else if (type.is(FRIENDLY_NAME) && !named) {
                add(aliases, values.only(BMP_STRING).utf16());
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

    private void addJks(Reader store, Set<String> aliases) throws Unknown {
        int version = store.int32();
        int entries = store.int32();
        if (version != 2 || entries < 0) {
            throw new Unknown();
        }
        for (int i = 0; i < entries; i++) {
            if (store.int32() != JKS_TRUSTED) {
                throw new Unknown();
            }
            add(aliases, store.javaUtf());
            store.skip(8); // its date
            if (!store.javaUtf().equals("X.509")) {
                throw new Unknown();
            }
            addCertificate(store.part(store.int32()));
        }
        store.skip(JKS_DIGEST);
        store.end();
    }

    /** A second certificate of the same alias would replace the first one in the JDK. */
    private static void add(Set<String> aliases, String alias) throws Unknown {
        if (!aliases.add(alias.toLowerCase(Locale.ENGLISH))) {
            throw new Unknown();
        }
    }

    private void addCertificate(Reader octets) throws Unknown {
        int start = octets.position;
        Reader content = octets.only(SEQUENCE).element(SEQUENCE);
        if (content.next() == EXPLICIT) {
            content.element(EXPLICIT); // version
        }
        content.element(INTEGER); // serial number
        content.element(SEQUENCE); // signature algorithm
        content.element(SEQUENCE); // issuer
        content.element(SEQUENCE); // validity
        int subject = content.position;
        content.element(SEQUENCE);
        if (4 * count == positions.length) {
            positions = Arrays.copyOf(positions, 2 * positions.length);
        }
        positions[4 * count] = start;
        positions[4 * count + 1] = octets.position;
        positions[4 * count + 2] = subject;
        positions[4 * count + 3] = content.position;
        count++;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Reads a part of the store, element by element (X.690 section 8.1). */
    private final class Reader {
        private int position;
        private final int end;

        Reader(int position, int end) {
            this.position = position;
            this.end = end;
        }

        int length() {
            return end - position;
        }

        boolean more() {
            return position < end;
        }

        void end() throws Unknown {
            if (position != end) {
                throw new Unknown();
            }
        }

        int octet() throws Unknown {
            if (position == end) {
                throw new Unknown();
            }
            int octet = store[position] & 0xff;
            position++;
            return octet;
        }

        /** The tag of the next element. */
        int next() throws Unknown {
            int tag = octet();
            position--;
            return tag;
        }

        /** Steps over the next element, whose content it returns; it must have this tag. */
        Reader element(int tag) throws Unknown {
            if (octet() != tag) {
                throw new Unknown();
            }
            int length = octet();
            if (length > 0x7f) {
                int octets = length & 0x7f;
                if (octets == 0 || octets > 3) { // without a length, or above 16 MiB
                    throw new Unknown();
                }
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = length << 8 | octet();
                }
            }
            return part(length);
        }

        /** The same for an element after which there is no other. */
        Reader only(int tag) throws Unknown {
            Reader content = element(tag);
            end();
            return content;
        }

        Reader part(int length) throws Unknown {
            int start = position;
            skip(length);
            return new Reader(start, position);
        }

        void skip(int length) throws Unknown {
            if (length < 0 || length > end - position) {
                throw new Unknown();
            }
            position += length;
        }

        /** Steps over the object identifier that comes next; it must be this one. */
        void identifier(byte[] expected) throws Unknown {
            if (!element(OBJECT_IDENTIFIER).is(expected)) {
                throw new Unknown();
            }
        }

        boolean is(byte[] expected) {
            return Arrays.equals(store, position, end, expected, 0, expected.length);
        }

        int int32() throws Unknown {
            return octet() << 24 | octet() << 16 | octet() << 8 | octet();
        }

        String utf16() {
            byte[] latin = new byte[length() / 2];
            for (int i = 0; i < latin.length; i++) {
                if (store[position + 2 * i] != 0) {
                    return new String(store, position, length(), StandardCharsets.UTF_16BE);
                }
                latin[i] = store[position + 2 * i + 1];
            }
            return new String(latin, StandardCharsets.ISO_8859_1);
        }

        /** A string as {@link java.io.DataOutput#writeUTF} writes it, one char for each octet. */
        String javaUtf() throws Unknown {
            Reader text = part(octet() << 8 | octet());
            return new String(store, text.position, text.length(), StandardCharsets.ISO_8859_1);
        }
    }
}
