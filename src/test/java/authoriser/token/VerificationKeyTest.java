package authoriser.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationKeyTest {
    private static final String INPUT = "eyJhbGciOiJSUzI1NiJ9.e30";
    private static final BigInteger MODULUS = SampleKeys.ONE.publicKey().getModulus();

    private final VerificationKey key = keyOf(SampleKeys.ONE.publicKey());
    private final byte[] signature = SampleKeys.ONE.signature(INPUT);

    @Test
    void verifiesASignatureOfTheSameKey() {
        assertTrue(signed(INPUT, signature));
    }

    @Test
    void refusesASignatureOfAnotherKey() {
        assertFalse(signed(INPUT, SampleKeys.TWO.signature(INPUT)));
    }

    @Test
    void refusesASignatureOfAnotherText() {
        assertFalse(signed(INPUT + "A", signature));
        assertFalse(signed("", signature));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 255, 257, 258, 512, 1024})
    void refusesASignatureOfAnotherLength(int length) {
        assertFalse(signed(INPUT, Arrays.copyOf(signature, length)));
    }

    @Test
    void refusesASignatureWithALeadingZeroByte() {
        byte[] stretched = new byte[signature.length + 1];
        System.arraycopy(signature, 0, stretched, 1, signature.length);

        assertFalse(signed(INPUT, stretched));
    }

    @Test
    void refusesTrivialNumbersAsSignature() {
        assertFalse(signed(INPUT, number(BigInteger.ZERO)));
        assertFalse(signed(INPUT, number(BigInteger.ONE)));
        assertFalse(signed(INPUT, number(MODULUS.subtract(BigInteger.ONE))));
        assertFalse(signed(INPUT, number(MODULUS)));
        assertFalse(signed(INPUT, number(MODULUS.add(BigInteger.ONE))));
        assertFalse(signed(INPUT, number(BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE))));
    }

    @Test
    void refusesTheSameSignatureModuloTheKey() {
        for (String input = INPUT; ; input += "A") {
            BigInteger twin = new BigInteger(1, SampleKeys.ONE.signature(input)).add(MODULUS);
            if (twin.bitLength() <= 2048) {
                assertFalse(signed(input, number(twin)));
                return;
            }
        }
    }

    @Test
    void refusesASignatureWithAnyBitFlipped() {
        for (int bit = 0; bit < 2048; bit += 37) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));

            assertFalse(signed(INPUT, flipped));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SHA1withRSA",
                "SHA224withRSA",
                "SHA384withRSA",
                "SHA512withRSA",
                "MD5withRSA"
            })
    void refusesSignaturesWithOtherDigests(String algorithm) throws GeneralSecurityException {
        Signature other = Signature.getInstance(algorithm);
        other.initSign(SampleKeys.ONE.privateKey());

        assertFalse(signed(INPUT, signWith(other)));
    }

    @Test
    void refusesSignaturesWithOtherPadding() throws GeneralSecurityException {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        pss.initSign(SampleKeys.ONE.privateKey());

        assertFalse(signed(INPUT, signWith(pss)));
    }

    @Test
    void refusesPaddingWithBytesAfterTheDigest() throws GeneralSecurityException {
        byte[] digest =
                java.security.MessageDigest.getInstance("SHA-256").digest(INPUT.getBytes(US_ASCII));
        byte[] info = java.util.HexFormat.of().parseHex("3031300d060960864801650304020105000420");
        byte[] block = new byte[256];
        block[1] = 1;
        Arrays.fill(block, 2, 10, (byte) 0xff);
        System.arraycopy(info, 0, block, 11, info.length);
        System.arraycopy(digest, 0, block, 11 + info.length, digest.length);
        BigInteger forged =
                new BigInteger(1, block)
                        .modPow(SampleKeys.ONE.privateKey().getPrivateExponent(), MODULUS);

        assertFalse(signed(INPUT, number(forged)));
    }

    @Test
    void verifiesASignatureOfAKeyOf2050Bits() {
        authoriser.standin.SigningKey odd = authoriser.standin.SigningKey.generate("odd", 2050);
        byte[] signature = odd.signature(INPUT);

        assertEquals(257, signature.length);
        assertTrue(keyOf(odd.publicKey()).verifies(INPUT.getBytes(US_ASCII), signature));
    }

    private static VerificationKey keyOf(RSAPublicKey key) {
        try {
            return VerificationKey.of(
                    new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean signed(String input, byte[] signature) {
        return key.verifies(input.getBytes(US_ASCII), signature);
    }

    private static byte[] signWith(Signature algorithm) throws GeneralSecurityException {
        algorithm.update(INPUT.getBytes(US_ASCII));
        return algorithm.sign();
    }

    /** A number as 256 bytes. */
    private static byte[] number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] whole = new byte[256];
        int length = Math.min(bytes.length, whole.length);
        System.arraycopy(bytes, bytes.length - length, whole, whole.length - length, length);
        return whole;
    }
}
