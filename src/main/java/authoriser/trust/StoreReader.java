package authoriser.trust;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the octets of a key store, or of a name, element by element: elements of DER (X.690 section
 * 10.1), and the parts of a JKS store.
 */
final class StoreReader {
    /** The octets do not have a form that the caller knows, or are incomplete. */
    static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super(null, null, false, false);
        }
    }

    private final byte[] octets;
    private final int end;
    private int position;

    StoreReader(byte[] octets) {
        this(octets, 0, octets.length);
    }

    private StoreReader(byte[] octets, int position, int end) {
        this.octets = octets;
        this.position = position;
        this.end = end;
    }

    /** The position of the next octet. */
    int position() {
        return position;
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
        int octet = octets[position] & 0xff;
        position++;
        return octet;
    }

    /** The tag of the next element. */
    int next() throws Unknown {
        int tag = octet();
        position--;
        return tag;
    }

    /** Skips the next element, which must have this tag, and returns its content. */
    StoreReader element(int tag) throws Unknown {
        return part(contentLength(tag));
    }

    /** Skips the next element, which must have this tag. */
    void skipElement(int tag) throws Unknown {
        skip(contentLength(tag));
    }

    /** Skips tag and length, and returns the length. */
    private int contentLength(int tag) throws Unknown {
        if (end - position < 2 || (octets[position] & 0xff) != tag) {
            throw new Unknown();
        }
        int length = octets[position + 1];
        position += 2;
        return length >= 0 ? length : longLength(length & 0x7f);
    }

    /** DER has only one form of each length. The JDK refuses a store with another form. */
    private int longLength(int count) throws Unknown {
        if (count == 0 || count > 3) { // no length given, or 16 MiB or more
            throw new Unknown();
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | octet();
        }
        if (length < 0x80 || (length >> (8 * (count - 1))) == 0) {
            throw new Unknown();
        }
        return length;
    }

    /** Skips the next element, which must be the last one, and returns its content. */
    StoreReader only(int tag) throws Unknown {
        StoreReader content = element(tag);
        end();
        return content;
    }

    /** Skips all elements, which must have this tag, and returns the content of the last. */
    StoreReader last(int tag) throws Unknown {
        int start;
        do {
            int length = contentLength(tag);
            start = position;
            skip(length);
        } while (position < end);
        return new StoreReader(octets, start, end);
    }

    StoreReader part(int length) throws Unknown {
        int start = position;
        skip(length);
        return new StoreReader(octets, start, position);
    }

    void skip(int length) throws Unknown {
        if (length < 0 || length > end - position) {
            throw new Unknown();
        }
        position += length;
    }

    boolean is(byte[] expected) {
        return Arrays.equals(octets, position, end, expected, 0, expected.length);
    }

    /**
     * A number that is computed from the ASCII letters, without regard to case, and the digits.
     *
     * @param none the result if there are none
     * @param any the result if there is {@code #} or a character that is not ASCII
     * @param accented the result if one of these characters is a letter with an accent
     */
    int letters(int none, int any, int accented) {
        int number = none;
        for (int i = position; i < end; i++) {
            int octet = octets[i];
            if (octet < 0 || octet == '#') {
                return isAccented(i) ? accented : any;
            }
            int letter = octet | 0x20; // in lower case
            if ((octet >= '0' && octet <= '9') || (letter >= 'a' && letter <= 'z')) {
                number = 31 * number + letter;
            }
        }
        return number;
    }

    /** Whether there is a character from U+00C0 to U+00FF except U+00DF, whose capital is SS. */
    private boolean isAccented(int start) {
        for (int i = start; i + 1 < end; i++) {
            if (octets[i] == (byte) 0xc3 && octets[i + 1] != (byte) 0x9f) {
                return true;
            }
        }
        return false;
    }

    int int32() throws Unknown {
        return octet() << 24 | octet() << 16 | octet() << 8 | octet();
    }

    /** The text of a BMPString: UTF-16. */
    String utf16() throws Unknown {
        if (length() % 2 != 0) {
            throw new Unknown();
        }
        byte[] latin = new byte[length() / 2];
        for (int i = 0; i < latin.length; i++) {
            if (octets[position + 2 * i] != 0) {
                return new String(octets, position, length(), StandardCharsets.UTF_16BE);
            }
            latin[i] = octets[position + 2 * i + 1];
        }
        return new String(latin, StandardCharsets.ISO_8859_1);
    }

    /**
     * A string that {@link java.io.DataOutput#writeUTF} wrote, if the octets are also UTF-8. Any
     * other encoding is {@link Unknown}.
     */
    String javaUtf() throws Unknown {
        StoreReader text = part(octet() << 8 | octet());
        String decoded = new String(octets, text.position, text.length(), StandardCharsets.UTF_8);
        if (decoded.length() == text.length() && decoded.indexOf('\ufffd') < 0) {
            return decoded; // ASCII
        }
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (c == '\ufffd' || Character.isSurrogate(c)) { // U+FFFD replaces what is not UTF-8
                throw new Unknown();
            }
        }
        return decoded;
    }
}
