package authoriser.token;

import java.util.Arrays;
import java.util.Base64;

/**
 * Decodes base64url (RFC 7515 section 2) in its canonical form only.
 *
 * <p>Padding, white space, other characters, and bits after the last byte are refused: otherwise a
 * token could be changed and still verify.
 */
final class Base64Url {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Base64Url() {}

    /**
     * Decodes a part of {@code text}.
     *
     * @throws MalformedBase64Url if it is not canonical base64url
     */
    static byte[] decode(byte[] text, int from, int to) throws MalformedBase64Url {
        int tail = (to - from) % 4;
        if (tail == 1) {
            throw new MalformedBase64Url();
        }
        if (to > from) {
            // the JDK's decoder refuses everything else, but it accepts padding and ignores such
            // bits
            int last = ALPHABET.indexOf(text[to - 1]);
            int unused = tail == 2 ? 0b1111 : tail == 3 ? 0b11 : 0;
            if (last < 0 || (last & unused) != 0) {
                throw new MalformedBase64Url();
            }
        }
        try {
            return Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, from, to));
        } catch (IllegalArgumentException e) {
            throw new MalformedBase64Url();
        }
    }
}
