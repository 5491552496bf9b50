package authoriser.token;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWK Set (RFC 7517 section 5) for the keys that can sign access tokens.
 *
 * <p>A key of another kind, or a broken one, is skipped and the rest used; a {@code kid} that
 * stands twice is nobody's.
 */
final class KeySet {
    private static final int LEAST_BITS = 2048;
    private static final int MOST_BITS = 8192;

    /** BoringSSL ends at 33 bits, other libraries at 32. */
    private static final int MOST_EXPONENT_BITS = 32;

    private KeySet() {}

    /**
     * Reads a set.
     *
     * @throws IOException if it is not a JWK Set, or holds no usable key
     */
    static Map<String, SigningKey> read(byte[] document) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Json.readStrictly(
                document,
                (name, value) -> {
                    if (name.equals("keys") && value.currentToken() == JsonToken.START_ARRAY) {
                        readKeys(value, entries);
                    } else {
                        value.skipChildren();
                    }
                });
        Map<String, SigningKey> keys = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Entry entry : entries) {
            String id = entry.id;
            if (id == null) {
                continue;
            }
            if (!seen.add(id)) {
                keys.remove(id);
                continue;
            }
            SigningKey key = entry.key();
            if (key != null) {
                keys.put(id, key);
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("no usable key");
        }
        return Map.copyOf(keys);
    }

    private static void readKeys(JsonParser parser, List<Entry> entries) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                Entry entry = new Entry();
                Json.readMembers(parser, entry);
                entries.add(entry);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** One member of {@code keys}. */
    private static final class Entry implements Json.Members {
        private @Nullable String id;
        private @Nullable String type;
        private @Nullable String modulus;
        private @Nullable String exponent;
        private boolean usable = true;

        @Override
        public void member(String name, JsonParser value) throws IOException {
            switch (name) {
                case "kid" -> id = Json.stringOrNull(value);
                case "kty" -> type = Json.stringOrNull(value);
                case "n" -> modulus = Json.stringOrNull(value);
                case "e" -> exponent = Json.stringOrNull(value);
                case "use" -> usable &= "sig".equals(Json.stringOrNull(value));
                case "alg" -> usable &= "RS256".equals(Json.stringOrNull(value));
                case "key_ops" -> usable &= holdsVerify(value);
                default -> value.skipChildren();
            }
        }

        private static boolean holdsVerify(JsonParser value) throws IOException {
            if (value.currentToken() != JsonToken.START_ARRAY) {
                value.skipChildren();
                return false;
            }
            boolean found = false;
            while (value.nextToken() != JsonToken.END_ARRAY) {
                found |= "verify".equals(Json.stringOrNull(value));
            }
            return found;
        }

        /** The key, if it is one that we use. */
        @Nullable SigningKey key() {
            if (!usable || !"RSA".equals(type) || modulus == null || exponent == null) {
                return null;
            }
            try {
                RSAPublicKeySpec key = new RSAPublicKeySpec(number(modulus), number(exponent));
                return isSound(key) ? SigningKey.of(key) : null;
            } catch (RejectedToken | GeneralSecurityException | RuntimeException e) {
                return null; // a broken key is none
            }
        }

        /** RFC 7518 section 2: Base64urlUInt. */
        private static BigInteger number(String encoded) throws RejectedToken {
            byte[] text = encoded.getBytes(StandardCharsets.ISO_8859_1);
            return new BigInteger(1, Base64Url.decode(text, 0, text.length));
        }

        /**
         * With an exponent of 1 anybody could sign, and an even number is no part of an RSA key.
         * What is taken here must be a key to every provider: one that fails at its first signature
         * would make our trouble of a caller's.
         */
        private static boolean isSound(RSAPublicKeySpec key) {
            int bits = key.getModulus().bitLength();
            BigInteger exponent = key.getPublicExponent();
            return bits >= LEAST_BITS
                    && bits <= MOST_BITS
                    && key.getModulus().testBit(0)
                    && exponent.testBit(0)
                    && exponent.compareTo(BigInteger.valueOf(3)) >= 0
                    && exponent.bitLength() <= MOST_EXPONENT_BITS;
        }
    }
}
