package authoriser.token;

import authoriser.standin.SigningKey;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys and key sets for the tests of this package. They are made once, because it takes time. */
final class SampleKeys {
    /** Its key id has the characters in which base64 and base64url differ. */
    static final SigningKey ONE =
            SigningKey.generate("p1XaJ+Yz/3mGQ0vTqkN8dWfRbUo6hL2sCe9iKtA4x7E=");

    static final SigningKey TWO = SigningKey.generate("two");

    /** No issuer publishes this key. */
    static final SigningKey MALLORY = SigningKey.generate("mallory");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SampleKeys() {}

    /** A JWK Set of good keys. */
    static byte[] setOf(SigningKey... keys) {
        return setOf(Arrays.stream(keys).map(SigningKey::jwk).toList());
    }

    /** A JWK Set with any members. */
    static byte[] setOf(List<? extends Map<String, ?>> members) {
        return json(Map.of("keys", members)).getBytes(StandardCharsets.UTF_8);
    }

    /** Another key under this id. */
    static SigningKey withId(SigningKey key, String id) {
        return new SigningKey(id, key.publicKey(), key.privateKey());
    }

    /** A public key of this number of bits, without a private key. */
    static Map<String, Object> jwk(String id, int bits, long exponent) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
        return jwk(id, modulus, BigInteger.valueOf(exponent));
    }

    static Map<String, Object> jwk(String id, BigInteger modulus, BigInteger exponent) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kid", id);
        jwk.put("kty", "RSA");
        jwk.put("n", unsigned(modulus));
        jwk.put("e", unsigned(exponent));
        return jwk;
    }

    /** The members of a key with one changed. {@code null} removes the member. */
    static Map<String, Object> with(Map<String, Object> jwk, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(jwk);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64Url(String text) {
        return base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int start = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        return base64Url(Arrays.copyOfRange(bytes, start, bytes.length));
    }
}
