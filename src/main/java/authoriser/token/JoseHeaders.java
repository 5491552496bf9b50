package authoriser.token;

import authoriser.json.Json;
import authoriser.reason.Reason;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads JOSE headers (RFC 7515 section 4): {@code alg} and {@code kid} count, some names are
 * refused, all others ignored.
 *
 * <p>The last one that was read is remembered, because all tokens of one key have the same header.
 * Unverified callers can replace it. That harms nobody: it is used for a header with exactly the
 * same characters only, and what is read from a header depends on nothing else.
 */
final class JoseHeaders {
    /** Cognito's key ids have 44 characters. */
    private static final int KEY_ID_LIMIT = 256;

    /** Cognito's headers have some 100 characters in base64url; longer ones are not remembered. */
    private static final int REMEMBERED_LIMIT = 512;

    private volatile @Nullable Known last;

    /**
     * Reads {@code kid} out of the header at the beginning of a token.
     *
     * @param token in its characters
     * @param end where the token's first dot stands
     * @throws RejectedToken if it asks for what we don't do, or has no usable {@code kid}
     * @throws IOException if it is not JSON as it should be
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
            if (!"RS256".equals(algorithm)) {
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
