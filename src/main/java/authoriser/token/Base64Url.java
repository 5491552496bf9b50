package authoriser.token;

import java.util.Arrays;
import java.util.Base64;

/**
 * Base64url as RFC 7515 section 2 has it, and only in its one canonical form.
 *
 * <p>No padding, no white space, no other alphabet, and no bits set behind the last byte: otherwise
 * a token could be rewritten and still verify, and tokens that are the same would look different.
 */
final class Base64Url {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Base64Url() {}

    /** Decodes a part of {@code text}, which must be canonical. */
    static byte[] decode(byte[] text, int from, int to) throws RejectedToken {
        int tail = (to - from) % 4;
        if (tail == 1) {
            throw CompactJws.malformed();
        }
        if (to > from) {
            // the JDK's decoder refuses all else, but takes padding and ignores bits left over
            int last = ALPHABET.indexOf(text[to - 1]);
            int unused = tail == 2 ? 0b1111 : tail == 3 ? 0b11 : 0;
            if (last < 0 || (last & unused) != 0) {
                throw CompactJws.malformed();
            }
        }
        try {
            return Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, from, to));
        } catch (IllegalArgumentException e) {
            throw CompactJws.malformed();
        }
    }
}
