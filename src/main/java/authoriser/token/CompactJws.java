package authoriser.token;

import authoriser.json.Json;
import authoriser.reason.Reason;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A token in JWS compact serialisation (RFC 7515 section 7.1) that has passed the front door: it
 * has the right form, and nothing in it has been checked.
 */
final class CompactJws {
    /**
     * API Gateway takes 10,240 bytes of headers, so a longer token never gets here in production.
     */
    static final int SIZE_LIMIT = 12 * 1024;

    /** Cognito's key ids have 44 characters. */
    private static final int KEY_ID_LIMIT = 256;

    private final byte[] signingInput;
    private final byte[] signature;
    private final String keyId;
    private final Claims claims;

    private CompactJws(byte[] signingInput, byte[] signature, String keyId, Claims claims) {
        this.signingInput = signingInput;
        this.signature = signature;
        this.keyId = keyId;
        this.claims = claims;
    }

    static CompactJws parse(String token) throws RejectedToken {
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
        byte[] header = Base64Url.decode(text, 0, firstDot);
        byte[] payload = Base64Url.decode(text, firstDot + 1, lastDot);
        byte[] signature = Base64Url.decode(text, lastDot + 1, text.length);
        try {
            String keyId = new Header().read(header);
            return new CompactJws(
                    Arrays.copyOf(text, lastDot), signature, keyId, Claims.read(payload));
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

    /** What the signature is over (RFC 7515 section 5.1 step 5). */
    byte[] signingInput() {
        return signingInput;
    }

    /** The signature, decoded. */
    byte[] signature() {
        return signature;
    }

    /**
     * The JOSE header: {@code alg} and {@code kid} count, some names are refused, all others
     * ignored.
     */
    private static final class Header implements Json.Members {
        private @Nullable String algorithm;
        private @Nullable String keyId;
        private boolean refused;

        String read(byte[] header) throws IOException, RejectedToken {
            Json.readStrictly(header, this);
            if (!"RS256".equals(algorithm)) {
                throw new RejectedToken(Reason.TOKEN_ALGORITHM);
            }
            if (refused || keyId == null || !isKeyId(keyId)) {
                throw malformed();
            }
            return keyId;
        }

        @Override
        public void member(String name, JsonParser value) throws IOException {
            switch (name) {
                case "alg" -> algorithm = stringOrNull(value);
                case "kid" -> keyId = stringOrNull(value);
                case "crit", "b64", "zip", "cty" -> {
                    refused =
                            true; // RFC 7515 section 4.1.11: what is not understood must be refused
                    value.skipChildren();
                }
                default -> value.skipChildren();
            }
        }

        private static @Nullable String stringOrNull(JsonParser value) throws IOException {
            if (value.currentToken() == JsonToken.VALUE_STRING) {
                return value.getText();
            }
            value.skipChildren();
            return null;
        }

        private static boolean isKeyId(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.isISOControl(text.charAt(i))) {
                    return false;
                }
            }
            return !text.isEmpty() && text.length() <= KEY_ID_LIMIT;
        }
    }
}
