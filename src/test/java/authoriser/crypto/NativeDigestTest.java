package authoriser.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeDigestTest {

    @AfterEach
    void leaveTheJvmAsItWas() {
        Security.removeProvider("NativeDigest");
    }

    @Test
    void isPreferredToTheJdkForSha256() throws GeneralSecurityException {
        NativeDigest.prefer();

        MessageDigest digest = MessageDigest.getInstance("SHA-256");

        assertEquals("NativeDigest", digest.getProvider().getName());
        // FIPS 180-4, the example of one block
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                HexFormat.of().formatHex(digest.digest("abc".getBytes(US_ASCII))));
    }

    @Test
    void hasTheSameDigestAsTheJdk() throws GeneralSecurityException {
        NativeDigest.prefer();

        for (int length = 0; length < 200; length++) {
            byte[] text = new byte[length];
            assertArrayEquals(
                    MessageDigest.getInstance("SHA-256", "SUN").digest(text),
                    MessageDigest.getInstance("SHA-256").digest(text));
        }
    }

    @Test
    void changesNothingElse() throws GeneralSecurityException {
        NativeDigest.prefer();

        assertNotEquals(
                "NativeDigest", Signature.getInstance("SHA256withRSA").getProvider().getName());
        assertNotEquals("NativeDigest", SSLContext.getInstance("TLS").getProvider().getName());
        assertEquals("SUN", MessageDigest.getInstance("SHA-512").getProvider().getName());
    }

    @Test
    void canBePreferredTwice() throws GeneralSecurityException {
        NativeDigest.prefer();
        int providers = Security.getProviders().length;

        NativeDigest.prefer();

        assertEquals(providers, Security.getProviders().length);
    }
}
