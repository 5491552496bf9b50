package authoriser.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Base64url as RFC 7515 section 2 has it, and only in its one canonical form.
 *
 * <p>No padding, no white space, no other alphabet, and no bits set behind the last byte: otherwise
 * a token could be rewritten and still verify, and tokens that are the same would look different.
 */
final class Base64Url {
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private Base64Url() {}

    /** Decodes a part of {@code text}, which must be canonical. */
    static byte[] decode(String text, int from, int to) throws RejectedToken {
        check(text, from, to);
        return Base64.getUrlDecoder()
                .decode(text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Makes sure that a part of {@code text} is canonical. */
    static void check(String text, int from, int to) throws RejectedToken {
        for (int i = from; i < to; i++) {
            if (value(text.charAt(i)) < 0) {
                throw CompactJws.malformed();
            }
        }
        int tail = (to - from) % 4;
        int unused = tail == 2 ? 0b1111 : tail == 3 ? 0b11 : 0;
        if (tail == 1 || (tail != 0 && (value(text.charAt(to - 1)) & unused) != 0)) {
            throw CompactJws.malformed();
        }
    }

    private static int value(char c) {
        return c < 128 ? VALUES[c] : -1;
    }
}
