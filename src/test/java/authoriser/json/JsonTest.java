package authoriser.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Named.named;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void readsTheMembersOfAnObject() throws IOException {
        assertEquals(
                Map.of("a", "one", "b", "", "c", "ä€😀"),
                strings(" {\"a\":\"one\", \"b\":\"\",\r\n\"c\":\"ä€\\ud83d\\ude00\"}\n"));
    }

    @Test
    void acceptsTheSameNameAtDifferentDepths() throws IOException {
        assertEquals(2, read("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":{\"a\":3}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "1",
                "\"text\"",
                "[]",
                "[{\"a\":1}]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,\"a\":1}",
                "{\"a\" 1}",
                "{\"a\":}",
                "{\"a\":[1}",
                "{\"a\":[1,]}",
                "{\"a\":{\"b\":1}",
                "}",
            })
    void refusesATextThatIsNotOneCompleteObject(String document) {
        assertRefused(document.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}{}", "{} {}", "{}1", "{},", "{}]", "{}}", "{}x", "{}//", "{}\"\""})
    void refusesATextAfterTheObject(String document) {
        assertRefused(document.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"\":1,\"\":2}",
                "{\"x\":{\"a\":1,\"a\":2}}",
                "{\"x\":[0,{\"y\":{\"a\":1,\"a\":2}}]}",
            })
    void refusesARepeatedNameAtAnyDepth(String document) {
        assertRefused(document.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a':1}",
                "{a:1}",
                "{\"a\":'b'}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-Infinity}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":5.}",
                "{\"a\":0x10}",
                "{\"a\":True}",
                "{\"a\":nul}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{/**/\"a\":1}",
                "{\"a\":1}//",
                "#\n{\"a\":1}",
                "\f{\"a\":1}",
                ")]}'{\"a\":1}",
            })
    void refusesInvalidJsonThatOtherParsersAccept(String document) {
        assertRefused(document.getBytes(UTF_8));
    }

    static Stream<Named<byte[]>> notUtf8() {
        return Stream.of(
                named("byte order mark", withHex("EFBBBF", "{\"a\":\"b\"}")),
                named("UTF-16, big end first", "{\"a\":\"b\"}".getBytes(UTF_16BE)),
                named("UTF-16, little end first", "{\"a\":\"b\"}".getBytes(UTF_16LE)),
                named("UTF-16 with its mark", withHex("FEFF", "")),
                named("UTF-32", "{\"a\":\"b\"}".getBytes(Charset.forName("UTF-32BE"))),
                named("ISO 8859-1", "{\"a\":\"ä\"}".getBytes(ISO_8859_1)),
                named("NUL at the end", withNul("{\"a\":\"b\"}#")),
                named("NUL in a string", withNul("{\"a\":\"#\"}")),
                named("NUL at the beginning", withNul("#{\"a\":\"b\"}")),
                named("continuation without a beginning", inString("80")),
                named("beginning without a continuation", inString("C3")),
                named("overlong slash", inString("C0AF")),
                named("overlong NUL", inString("C080")),
                named("overlong in three bytes", inString("E0809F")),
                named("half a surrogate pair", inString("EDA080")),
                named("surrogate pair in six bytes", inString("EDA0BDEDB880")),
                named("beyond U+10FFFF", inString("F4908080")),
                named("five bytes", inString("F888808080")),
                named("FF", inString("FF")),
                named("first byte is a letter", withHex("C3A4", "{\"a\":\"b\"}")));
    }

    @ParameterizedTest
    @MethodSource
    void notUtf8(byte[] document) {
        assertRefused(document);
    }

    @Test
    void acceptsSixteenLevels() throws IOException {
        assertEquals(1, read("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}"));
    }

    @Test
    void refusesASeventeenthLevel() {
        assertRefused(("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}").getBytes(UTF_8));
        assertRefused(("{\"a\":".repeat(17) + "1" + "}".repeat(17)).getBytes(UTF_8));
    }

    @Test
    void refusesVeryDeepNesting() {
        assertRefused(("{\"a\":" + "[".repeat(30_000)).getBytes(UTF_8));
        assertRefused("{\"a\":".repeat(10_000).getBytes(UTF_8));
    }

    @Test
    void acceptsANumberOfSixtyFourDigits() throws IOException {
        assertEquals(1, read("{\"a\":" + "9".repeat(64) + "}"));
    }

    @Test
    void refusesASkippedNumberOfSixtyFiveDigits() {
        assertRefused(("{\"a\":" + "9".repeat(65) + "}").getBytes(UTF_8));
        assertRefused(("{\"a\":1." + "9".repeat(64) + "}").getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "null", "[]", "{}", "[\"text\"]"})
    void refusesAnyOtherValueAsString(String value) {
        assertThrows(UnexpectedJson.class, () -> strings("{\"a\":" + value + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "x\\ude00", "\\ude00\\ud83d", "\\ud83dx"})
    void refusesAnUnpairedSurrogate(String text) {
        assertThrows(UnexpectedJson.class, () -> strings("{\"a\":\"" + text + "\"}"));
    }

    @Test
    void doesNotShowTheDocumentInAnException() {
        IOException refused =
                assertThrows(IOException.class, () -> strings("{\"a\":[\"secret\"]}"));

        assertEquals("authoriser.json.UnexpectedJson: not a string", refused.toString());
        assertEquals(0, refused.getStackTrace().length);
    }

    @Test
    void passesOnAnExceptionOfTheReader() {
        IOException own = new IOException("own");

        assertEquals(
                own,
                assertThrows(
                        IOException.class,
                        () ->
                                Json.readStrictly(
                                        "{\"a\":1}".getBytes(UTF_8),
                                        (name, value) -> {
                                            throw own;
                                        })));
    }

    // Limits of the parser that must not apply, because JSON does not have them

    @Test
    void readsANameOfAnyLength() throws IOException {
        String name = "n".repeat(64 * 1024);

        assertEquals(Map.of(name, "x"), strings("{\"" + name + "\":\"x\"}"));
        assertEquals(Map.of(name, "x"), strings("{\"\\u006e" + name.substring(1) + "\":\"x\"}"));
    }

    @Test
    void readsAsManyMembersAsThereAre() throws IOException {
        StringBuilder document = new StringBuilder("{\"0\":0");
        for (int i = 1; i < 50_000; i++) {
            document.append(",\"").append(i).append("\":").append(i);
        }

        assertEquals(50_000, read(document + "}"));
    }

    @Test
    void readsNamesThatCollideInATableOfNames() throws IOException {
        for (List<String> names : new CollidingNames(1).round()) {
            assertEquals(names.size(), read(CollidingNames.object(names)));
        }
    }

    @Test
    void writesUtf8AndLeavesTheOutputOpen() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        ByteArrayOutputStream output =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                };

        try (JsonGenerator json = Json.generator(output)) {
            json.writeStartObject();
            json.writeStringField("a", "ä€\n");
            json.writeEndObject();
        }

        assertEquals("{\"a\":\"ä€\\n\"}", output.toString(UTF_8));
        assertFalse(closed.get());
    }

    private static Map<String, String> strings(String document) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        Json.readStrictly(
                document.getBytes(UTF_8), (name, value) -> members.put(name, Json.string(value)));
        return members;
    }

    private static int read(String document) throws IOException {
        return read(document.getBytes(UTF_8));
    }

    /** Reads a document, skips all its values, and returns their number. */
    private static int read(byte[] document) throws IOException {
        int[] members = new int[1];
        Json.readStrictly(
                document,
                (name, value) -> {
                    members[0]++;
                    value.skipChildren();
                });
        return members[0];
    }

    private static void assertRefused(byte[] document) {
        assertThrows(IOException.class, () -> read(document));
    }

    private static byte[] inString(String hex) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        document.writeBytes("{\"a\":\"".getBytes(UTF_8));
        document.writeBytes(HexFormat.of().parseHex(hex));
        document.writeBytes("\"}".getBytes(UTF_8));
        return document.toByteArray();
    }

    private static byte[] withHex(String hex, String rest) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        document.writeBytes(HexFormat.of().parseHex(hex));
        document.writeBytes(rest.getBytes(UTF_8));
        return document.toByteArray();
    }

    private static byte[] withNul(String document) {
        return document.replace('#', '\0').getBytes(UTF_8);
    }
}
