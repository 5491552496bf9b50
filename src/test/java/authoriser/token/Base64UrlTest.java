package authoriser.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @ParameterizedTest
    @CsvSource({"'',''", "f,Zg", "fo,Zm8", "foo,Zm9v", "foob,Zm9vYg", "fooba,Zm9vYmE"})
    void decodesTheVectorsOfRfc4648WithoutTheirPadding(String text, String encoded)
            throws MalformedBase64Url {
        assertEquals(text, new String(decode(encoded), US_ASCII));
    }

    @Test
    void decodesTheWholeAlphabet() throws MalformedBase64Url {
        assertArrayEquals(Base64.getUrlDecoder().decode(ALPHABET), decode(ALPHABET));
    }

    @Test
    void decodesAPartOfAnArray() throws MalformedBase64Url {
        assertEquals(
                "foo", new String(Base64Url.decode("=.Zm9v.=".getBytes(US_ASCII), 2, 6), US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zg==",
                "Zg=",
                "Zm8=",
                "Zm9v====",
                "Zm=v",
                "Z=9v",
                "Zg=A",
                "Zg==Zm9v",
                "====",
                "=",
                "Zm9v Zm9v",
                " Zm9v",
                "Zm9v ",
                "Zm9v\n",
                "Zm9v\r\nZm9v",
                "Zm9\t",
                "Zm9\0",
                "Zm+v",
                "Zm/v",
                "Zm9.",
                "Zm9,",
                "Zm9*",
                "Zm%39",
                "Zm9\u007f",
                "Zm9\u0080",
                "Zm9é",
                "Zm9\uff21",
                "Zm9\u0141",
                "Zm9\ud83d\ude00",
            })
    void refusesEveryOtherCharacter(String encoded) {
        assertMalformed(encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "Zm9vA", "Zm9vZm9vA"})
    void refusesAnImpossibleLength(String encoded) {
        assertMalformed(encoded);
    }

    @Test
    void refusesUnusedBitsAfterOneLastByte() throws MalformedBase64Url {
        for (char last : ALPHABET.toCharArray()) {
            if ("AQgw".indexOf(last) >= 0) {
                assertEquals(1, decode("Z" + last).length);
            } else {
                assertMalformed("Z" + last);
            }
        }
    }

    @Test
    void refusesUnusedBitsAfterTwoLastBytes() throws MalformedBase64Url {
        for (char last : ALPHABET.toCharArray()) {
            if ("AEIMQUYcgkosw048".indexOf(last) >= 0) {
                assertEquals(2, decode("Zm" + last).length);
            } else {
                assertMalformed("Zm" + last);
            }
        }
    }

    private static byte[] decode(String encoded) throws MalformedBase64Url {
        byte[] text = encoded.getBytes(ISO_8859_1);
        return Base64Url.decode(text, 0, text.length);
    }

    private static void assertMalformed(String encoded) {
        assertThrows(MalformedBase64Url.class, () -> decode(encoded));
    }
}
