package authoriser.token;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.spec.RSAPublicKeySpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWK Set (RFC 7517 section 5): its keys that verify RS256 signatures.
 *
 * <p>Other keys are skipped, and so are malformed ones. An optional member that is null counts as
 * absent. A key that the set holds twice is one key. If different keys have one {@code kid}, none
 * of them is used, because it is not known which one signed.
 *
 * @param keys the usable keys by {@code kid}
 * @param ambiguous each {@code kid} that the set gives to different keys
 */
record JwkSet(Map<String, VerificationKey> keys, Set<String> ambiguous) {
    private static final int LEAST_BITS = 2048;
    private static final int MOST_BITS = 8192;

    /** BoringSSL accepts 33 bits, other libraries 32. */
    private static final int MOST_EXPONENT_BITS = 32;

    /**
     * Reads a set.
     *
     * @throws IOException if it is not a JWK Set, or holds no usable key
     */
    static JwkSet read(byte[] document) throws IOException {
        Map<String, RSAPublicKeySpec> numbers = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        Json.readStrictly(
                document,
                (name, value) -> {
                    if (name.equals("keys") && value.currentToken() == JsonToken.START_ARRAY) {
                        readKeys(value, numbers, ambiguous);
                    } else {
                        value.skipChildren();
                    }
                });
        Map<String, VerificationKey> keys = new HashMap<>();
        for (Map.Entry<String, RSAPublicKeySpec> entry : numbers.entrySet()) {
            VerificationKey key = ambiguous.contains(entry.getKey()) ? null : key(entry.getValue());
            if (key != null) {
                keys.put(entry.getKey(), key);
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("no usable key");
        }
        return new JwkSet(Map.copyOf(keys), Set.copyOf(ambiguous));
    }

    private static void readKeys(
            JsonParser parser, Map<String, RSAPublicKeySpec> numbers, Set<String> ambiguous)
            throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            Entry entry = new Entry();
            Json.readMembers(parser, entry);
            String id = entry.id;
            RSAPublicKeySpec key = entry.numbers();
            if (id != null && key != null) {
                RSAPublicKeySpec before = numbers.putIfAbsent(id, key);
                if (before != null && !isSame(before, key)) {
                    ambiguous.add(id);
                }
            }
        }
    }

    private static boolean isSame(RSAPublicKeySpec one, RSAPublicKeySpec other) {
        return one.getModulus().equals(other.getModulus())
                && one.getPublicExponent().equals(other.getPublicExponent());
    }

    /** The key of these numbers; null if it cannot be used. */
    private static @Nullable VerificationKey key(RSAPublicKeySpec numbers) {
        try {
            return isSound(numbers) ? VerificationKey.of(numbers) : null;
        } catch (GeneralSecurityException | RuntimeException e) {
            return null; // other keys of the set can still be used
        }
    }

    /**
     * Whether every security provider accepts the key. If a provider refused it, each token would
     * fail. With an exponent of 1, anybody could sign. Modulus and exponent of an RSA key are odd.
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

    /** One JWK of {@code keys}. */
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
                case "use" -> usable &= isAbsent(value) || "sig".equals(Json.stringOrNull(value));
                case "alg" ->
                        usable &=
                                isAbsent(value)
                                        || SignatureAlgorithm.isNamedBy(Json.stringOrNull(value));
                case "key_ops" -> usable &= isAbsent(value) || holdsVerify(value);
                default -> value.skipChildren();
            }
        }

        /** Many serialisers write null for an absent member. */
        private static boolean isAbsent(JsonParser value) {
            return value.currentToken() == JsonToken.VALUE_NULL;
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

        /** The numbers of a key that may verify RS256 signatures; null for any other key. */
        @Nullable RSAPublicKeySpec numbers() {
            if (!usable || !"RSA".equals(type) || modulus == null || exponent == null) {
                return null;
            }
            try {
                return new RSAPublicKeySpec(number(modulus), number(exponent));
            } catch (MalformedBase64Url e) {
                return null;
            }
        }

        /** RFC 7518 section 2: Base64urlUInt. */
        private static BigInteger number(String encoded) throws MalformedBase64Url {
            byte[] text = encoded.getBytes(StandardCharsets.ISO_8859_1);
            return new BigInteger(1, Base64Url.decode(text, 0, text.length));
        }
    }
}
