package authoriser.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The two ways of reading JSON here, and the one of writing it, all by streaming.
 *
 * <p>Documents from outside (tokens, key sets, answers) are read strictly: one object, UTF-8
 * without a byte order mark, names unique at every depth, bounded nesting, nothing behind it. What
 * API Gateway sends is read as it comes.
 */
public final class Json {
    private static final int STRICT_DEPTH = 16;
    private static final int STRICT_NUMBER_LENGTH = 64;

    private static final Buffers.Pool BUFFERS = new Buffers.Pool();

    private static final JsonFactory STRICT =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .recyclerPool(BUFFERS)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(STRICT_DEPTH)
                                    .maxNumberLength(STRICT_NUMBER_LENGTH)
                                    .build())
                    .build();

    private static final JsonFactory PLAIN =
            new JsonFactoryBuilder()
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .recyclerPool(BUFFERS)
                    .build();

    private Json() {}

    /** Takes one member's value from the parser, which stands on the value's first token. */
    @FunctionalInterface
    public interface Members {
        /** Reads or skips the value of the member {@code name}. */
        void member(String name, JsonParser value) throws IOException;
    }

    /**
     * Reads a document from outside, which must be exactly one object.
     *
     * @throws IOException if it is anything else, or {@code members} does not like a value
     */
    public static void readStrictly(byte[] document, Members members) throws IOException {
        checkText(document);
        try (JsonParser parser = STRICT.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnexpectedJson("not an object");
            }
            readMembers(parser, members);
            if (parser.nextToken() != null) {
                throw new UnexpectedJson("something follows the object");
            }
        }
    }

    /** Reads the members of the object that the parser stands on, up to its end. */
    public static void readMembers(JsonParser parser, Members members) throws IOException {
        readMembers(parser, members, () -> false);
    }

    private static void readMembers(JsonParser parser, Members members, BooleanSupplier enough)
            throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            members.member(name, parser);
            if (enough.getAsBoolean()) {
                return;
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new UnexpectedJson("an object does not end");
        }
    }

    /**
     * The string that the parser stands on, which must be text.
     *
     * <p>An escape can hold half a surrogate pair (RFC 8259 section 8.2), and whoever reads such
     * strings next may take any two of them for the same.
     */
    public static String string(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new UnexpectedJson("not a string");
        }
        String text = parser.getText();
        if (!isText(text)) {
            throw new UnexpectedJson("not text");
        }
        return text;
    }

    /** The string that the parser stands on; anything else is skipped, and null. */
    public static @Nullable String stringOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /**
     * The value that the parser stands on as compact JSON. Numbers keep their value and precision.
     */
    public static String copy(JsonParser parser) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = PLAIN.createGenerator(text)) {
            json.copyCurrentStructureExact(parser);
        }
        return text.toString();
    }

    /**
     * Reads what API Gateway sends, up to the member with which there is enough.
     *
     * @param enough asked after each member whether what follows can be left unread
     * @throws IOException if what is read is not JSON, or no object
     */
    public static void read(byte[] document, Members members, BooleanSupplier enough)
            throws IOException {
        try (JsonParser parser = PLAIN.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnexpectedJson("not an object");
            }
            readMembers(parser, members, enough);
        }
    }

    /** A writer of UTF-8 to {@code output}, which it does not close. */
    public static JsonGenerator generator(OutputStream output) throws IOException {
        return PLAIN.createGenerator(output, JsonEncoding.UTF8)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    /**
     * Makes sure that a parser which guesses encodings has nothing to guess: no byte order mark, no
     * NUL (so not UTF-16 or UTF-32, RFC 8259 section 8.1), and valid UTF-8, which the parser itself
     * checks only in part.
     */
    private static void checkText(byte[] document) throws IOException {
        boolean ascii = true;
        for (byte b : document) {
            if (b == 0) {
                throw new CharacterCodingException();
            }
            ascii &= b > 0;
        }
        if (!ascii) {
            if (document[0] < 0) {
                throw new CharacterCodingException(); // a byte order mark, or no JSON at all
            }
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
        }
    }

    /** Whether a string holds no half of a surrogate pair. */
    public static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isSurrogatePair(c, text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
