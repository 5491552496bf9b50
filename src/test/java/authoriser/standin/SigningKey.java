package authoriser.standin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** An issuer's RSA key pair with its key id, able to sign anything, well-formed or not. */
public record SigningKey(String kid, RSAPublicKey publicKey, RSAPrivateKey privateKey) {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    /** Makes a key of 2048 bits, the length of Cognito's. */
    public static SigningKey generate(String kid) {
        return generate(kid, 2048);
    }

    /** Makes a key of any length, also of one too short to be accepted. */
    public static SigningKey generate(String kid, int bits) {
        return generate(kid, bits, new SecureRandom());
    }

    /** Makes the same key each time. */
    public static SigningKey ofSeed(String kid, long seed) {
        try {
            var random = SecureRandom.getInstance("SHA1PRNG"); // the same numbers for a seed
            random.setSeed(seed);
            return generate(kid, 2048, random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("No such random numbers", e);
        }
    }

    private static SigningKey generate(String kid, int bits, SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits, random);
            var pair = generator.generateKeyPair();
            return new SigningKey(
                    kid, (RSAPublicKey) pair.getPublic(), (RSAPrivateKey) pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA keys can't be made", e);
        }
    }

    /** The public half as a JSON Web Key (RFC 7517), with the members that Cognito writes. */
    public Map<String, Object> jwk() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("alg", "RS256");
        jwk.put("e", unsigned(publicKey.getPublicExponent().toByteArray()));
        jwk.put("kid", kid);
        jwk.put("kty", "RSA");
        jwk.put("n", unsigned(publicKey.getModulus().toByteArray()));
        jwk.put("use", "sig");
        return jwk;
    }

    /**
     * Signs with RS256 whatever it is given, as a compact JWS (RFC 7515).
     *
     * <p>Raw JSON goes in, so that a header may lie about its algorithm and claims may be no JSON
     * at all.
     */
    public String sign(String headerJson, String claimsJson) {
        String signingInput = encode(headerJson) + "." + encode(claimsJson);
        return signingInput + "." + BASE64URL.encodeToString(signature(signingInput));
    }

    /** The RS256 signature of a text, for tokens that are put together by hand. */
    public byte[] signature(String signingInput) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(signingInput.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Key " + kid + " can't sign", e);
        }
    }

    /** The text in base64url without padding, as each part of a token is written. */
    public static String encode(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says which key it is and never what the key is. */
    @Override
    public String toString() {
        return "SigningKey[" + kid + ", " + publicKey.getModulus().bitLength() + " bits]";
    }

    /** Base64url of a number without the leading zero byte that is its sign (RFC 7518, 2). */
    private static String unsigned(byte[] number) {
        int start = number.length > 1 && number[0] == 0 ? 1 : 0;
        return BASE64URL.encodeToString(Arrays.copyOfRange(number, start, number.length));
    }
}
