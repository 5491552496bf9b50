package authoriser.token;

import authoriser.reason.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A token in JWS compact serialisation (RFC 7515 section 7.1). It has the right form; its signature
 * and its claims have not been checked.
 */
final class CompactJws {
    /**
     * In characters. API Gateway accepts 10,240 bytes of headers, so a token from it is shorter.
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

    /**
     * Parses a token; {@code headers} reads its JOSE header.
     *
     * @throws RejectedToken if its form or its JOSE header is not accepted
     */
    static CompactJws parse(String token, JoseHeaders headers) throws RejectedToken {
        if (token.length() > SIZE_LIMIT) {
            throw malformed();
        }
        // a character outside of ISO 8859-1 becomes a question mark, which is not base64url
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        int firstDot = dot(text, 0);
        int lastDot = dot(text, firstDot + 1);
        if (firstDot == 0 || lastDot >= text.length || dot(text, lastDot + 1) < text.length) {
            throw malformed();
        }
        try {
            byte[] payload = Base64Url.decode(text, firstDot + 1, lastDot);
            byte[] signature = Base64Url.decode(text, lastDot + 1, text.length);
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

    /** The index of the next dot; the length of the text if there is none. */
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

    /** The JWS signing input (RFC 7515 section 5.1 step 5). */
    byte[] signingInput() {
        return signingInput;
    }

    /** The signature, decoded. */
    byte[] signature() {
        return signature;
    }
}
