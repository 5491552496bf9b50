package authoriser.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 and refuses anything else (RFC 8259 section 8.1). */
final class Utf8 {

    private Utf8() {}

    /**
     * Decodes a document.
     *
     * @param text receives the characters; at least as long as the document
     * @return the number of characters
     * @throws CharacterCodingException if the document is not UTF-8
     */
    static int decode(byte[] document, char[] text) throws CharacterCodingException {
        for (int i = 0; i < document.length; i++) {
            byte b = document[i];
            if (b < 0) {
                return decodeFrom(i, document, text);
            }
            text[i] = (char) b;
        }
        return document.length;
    }

    private static int decodeFrom(int first, byte[] document, char[] text)
            throws CharacterCodingException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer output = CharBuffer.wrap(text, first, text.length - first);
        CoderResult result =
                decoder.decode(
                        ByteBuffer.wrap(document, first, document.length - first), output, true);
        if (result.isError()) {
            result.throwException();
        }
        return output.position();
    }
}
