package authoriser.token;

import authoriser.json.Json;
import authoriser.reason.Reason;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads JOSE headers (RFC 7515 section 4): {@code alg} and {@code kid} are used, some members are
 * refused, all others are ignored.
 *
 * <p>The last header is remembered, because all tokens of one key have the same header. Callers
 * whose token is not verified can replace it. This is safe: it is used only for a header with
 * exactly the same characters, and the result depends on these characters only.
 */
final class JoseHeaders {
    /** In characters; Cognito's key ids have 44. */
    private static final int KEY_ID_LIMIT = 256;

    /** Longer headers are not remembered. Cognito's have about 100 characters in base64url. */
    private static final int REMEMBERED_LIMIT = 512;

    private volatile @Nullable Known last;

    /**
     * Reads {@code kid} from the header at the beginning of a token.
     *
     * @param token the characters of the token
     * @param end the index of the first dot
     * @throws RejectedToken if {@code alg} is not RS256, if there is a member that must be refused,
     *     or no usable {@code kid}
     * @throws IOException if it is not canonical base64url, or not a JSON object
     */
    String keyId(byte[] token, int end) throws RejectedToken, IOException {
        Known known = last;
        if (known != null && Arrays.equals(known.text, 0, known.text.length, token, 0, end)) {
            return known.keyId;
        }
        String keyId = new Header().read(Base64Url.decode(token, 0, end));
        if (end <= REMEMBERED_LIMIT) {
            last = new Known(Arrays.copyOf(token, end), keyId);
        }
        return keyId;
    }

    private static final class Known {
        private final byte[] text;
        private final String keyId;

        Known(byte[] text, String keyId) {
            this.text = text;
            this.keyId = keyId;
        }
    }

    private static final class Header implements Json.Members {
        private @Nullable String algorithm;
        private @Nullable String keyId;
        private boolean refused;

        String read(byte[] header) throws IOException, RejectedToken {
            Json.readStrictly(header, this);
            if (!SignatureAlgorithm.isNamedBy(algorithm)) {
                throw new RejectedToken(Reason.TOKEN_ALGORITHM);
            }
            if (refused || keyId == null || !isKeyId(keyId)) {
                throw CompactJws.malformed();
            }
            return keyId;
        }

        @Override
        public void member(String name, JsonParser value) throws IOException {
            switch (name) {
                case "alg" -> algorithm = Json.stringOrNull(value);
                case "kid" -> keyId = Json.stringOrNull(value);
                // RFC 7515 section 4.1.9: a string; what it names is not used (RFC 7519 section
                // 5.1)
                case "typ" -> refused |= Json.stringOrNull(value) == null;
                case "crit", "b64", "zip", "cty" -> {
                    refused =
                            true; // RFC 7515 section 4.1.11: what is not understood must be refused
                    value.skipChildren();
                }
                default -> value.skipChildren();
            }
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
