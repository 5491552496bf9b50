package authoriser.token;

import authoriser.reason.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A token in JWS compact serialisation (RFC 7515 section 7.1) that has passed the front door: it
 * has the right form, and nothing in it has been checked.
 */
final class CompactJws {
    /**
     * API Gateway takes 10,240 bytes of headers, so a longer token never gets here in production.
     */
    static final int SIZE_LIMIT = 12 * 1024;

    private final byte[] signingInput;
    private final byte[] signature;
    private final String keyId;
    private final byte[] payload;
    private final Claims claims;

    private CompactJws(
            byte[] signingInput, byte[] signature, String keyId, byte[] payload, Claims claims) {
        this.signingInput = signingInput;
        this.signature = signature;
        this.keyId = keyId;
        this.payload = payload;
        this.claims = claims;
    }

    /** Takes a token apart; {@code headers} reads its JOSE header. */
    static CompactJws parse(String token, JoseHeaders headers) throws RejectedToken {
        if (token.length() > SIZE_LIMIT) {
            throw malformed();
        }
        // what is not of this character set becomes a question mark, which base64url hasn't either
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        int firstDot = dot(text, 0);
        int lastDot = dot(text, firstDot + 1);
        if (firstDot == 0 || lastDot >= text.length || dot(text, lastDot + 1) < text.length) {
            throw malformed();
        }
        byte[] payload = Base64Url.decode(text, firstDot + 1, lastDot);
        byte[] signature = Base64Url.decode(text, lastDot + 1, text.length);
        try {
            return new CompactJws(
                    Arrays.copyOf(text, lastDot),
                    signature,
                    headers.keyId(text, firstDot),
                    payload,
                    Claims.read(payload));
        } catch (IOException e) {
            throw malformed();
        }
    }

    /** Where the next dot stands; behind the text if there is none. */
    private static int dot(byte[] text, int from) {
        int i = from;
        while (i < text.length && text[i] != '.') {
            i++;
        }
        return i;
    }

    static RejectedToken malformed() {
        return new RejectedToken(Reason.TOKEN_MALFORMED);
    }

    /** {@code kid}. */
    String keyId() {
        return keyId;
    }

    Claims claims() {
        return claims;
    }

    /** The payload, decoded (RFC 7515 section 2). */
    byte[] payload() {
        return payload;
    }

    /** What the signature is over (RFC 7515 section 5.1 step 5). */
    byte[] signingInput() {
        return signingInput;
    }

    /** The signature, decoded. */
    byte[] signature() {
        return signature;
    }
}
