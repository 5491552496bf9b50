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
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON strictly and writes it, both by streaming.
 *
 * <p>A document from outside (token, key set, answer) must be one object in UTF-8 without a byte
 * order mark, with unique names at every depth, limited nesting, and nothing after it. For API
 * Gateway's events, see {@link JsonScanner}.
 *
 * <p>The parser keeps no table of member names. Jackson shares such a table between all documents
 * of a factory, and names that collide in it make the parser refuse other documents. Jackson's
 * parser of bytes always has one, so documents are decoded here, and parsed as characters.
 */
public final class Json {
    private static final int DEPTH_LIMIT = 16;
    private static final int NUMBER_LIMIT = 64;

    private static final Buffers.Pool BUFFERS = new Buffers.Pool();

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .recyclerPool(BUFFERS)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_LIMIT)
                                    .maxNumberLength(NUMBER_LIMIT)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private Json() {}

    /** Reads one member's value from the parser, whose current token is the first of the value. */
    @FunctionalInterface
    public interface Members {
        /** Reads or skips the value of the member {@code name}. */
        void member(String name, JsonParser value) throws IOException;
    }

    /**
     * Reads a document from outside, which must be exactly one object.
     *
     * @throws IOException if it is anything else, or {@code members} refuses a value
     */
    public static void readStrictly(byte[] document, Members members) throws IOException {
        Buffers buffers = BUFFERS.acquirePooled();
        char[] text = buffers.text(document.length);
        try (JsonParser parser = FACTORY.createParser(text, 0, Utf8.decode(document, text))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnexpectedJson("not an object");
            }
            readMembers(parser, members);
            if (parser.nextToken() != null) {
                throw new UnexpectedJson("something follows the object");
            }
        } finally {
            buffers.releaseText(text);
        }
    }

    /** Reads the members of the parser's current object, up to its end. */
    public static void readMembers(JsonParser parser, Members members) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            members.member(name, parser);
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new UnexpectedJson("an object does not end");
        }
    }

    /**
     * The parser's current value, which must be a string of valid Unicode.
     *
     * <p>An escape can hold half a surrogate pair (RFC 8259 section 8.2). Later readers may replace
     * it, so that different strings become equal.
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

    /** The parser's current value if it is a string; any other value is skipped, and null. */
    public static @Nullable String stringOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** The parser's current value as compact JSON. Numbers keep their value and precision. */
    public static String copy(JsonParser parser) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.copyCurrentStructureExact(parser);
        }
        return text.toString();
    }

    /** The text of one JSON string in UTF-8, with its quotation marks. */
    static String text(byte[] string) throws IOException {
        char[] text = new char[string.length];
        try (JsonParser parser = FACTORY.createParser(text, 0, Utf8.decode(string, text))) {
            parser.nextToken();
            return parser.getText();
        }
    }

    /** A writer of UTF-8 to {@code output}, which it does not close. */
    public static JsonGenerator generator(OutputStream output) throws IOException {
        return FACTORY.createGenerator(output, JsonEncoding.UTF8)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
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
