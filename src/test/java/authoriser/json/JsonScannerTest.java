package authoriser.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private static final String NESTED =
            "{\"a\":[{\"b\":\"]}\\\"\\\\\"},[]],\"c\":{},\"d\":-1.5e3}";

    /** The reference: Jackson's databind, which does not use the scanner. */
    private static final JsonMapper PLAIN = JsonMapper.builder().build();

    private static final JsonMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Test
    void readsTheSameStringsAsDatabind() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            ObjectNode tree = object(random, 4);
            JsonMapper writer = i % 2 == 0 ? PLAIN : ESCAPING;
            byte[] document =
                    i % 3 == 0
                            ? writer.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree)
                            : writer.writeValueAsBytes(tree);

            JsonScanner scanner = new JsonScanner(document);
            assertSame(tree, scanner);
        }
    }

    @Test
    void skipsTheSameValuesAsDatabind() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 3_000; i++) {
            ObjectNode tree = object(random, 4);
            List<String> names = new ArrayList<>();
            tree.fieldNames().forEachRemaining(names::add);

            assertEquals(names, names(ESCAPING.writeValueAsBytes(tree)));
        }
    }

    @Test
    void refusesATruncatedDocument() {
        byte[] document = NESTED.getBytes(UTF_8);

        for (int length = 0; length < document.length; length++) {
            byte[] part = Arrays.copyOf(document, length);
            assertThrows(UnexpectedJson.class, () -> names(part));
            assertThrows(UnexpectedJson.class, () -> strings(part));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{,}",
                "{\"a\"}",
                "{\"a\",\"b\"}",
                "{\"a\" 1}",
                "{\"a\":}",
                "{\"a\":,}",
                "{\"a\":1,}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1;\"b\":2}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":'b'}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":x}",
                "{\"a\":]}",
                "{\"a\":1]",
                "{/**/}",
                "{\"a\":/**/1}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"\n\":1}",
                "\uFEFF{}",
                "]",
                "}"
            })
    void refusesInvalidJsonInAnObject(String document) {
        assertThrows(IOException.class, () -> strings(document.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[1,]", "[,1]", "[1 2]", "[1}", "[1;2]", "[\"a\" \"b\"]", "[", "[1", "[1,"})
    void refusesInvalidJsonInAnArray(String array) throws IOException {
        JsonScanner scanner = member("{\"a\":" + array);
        assertTrue(scanner.enterArray());

        assertThrows(
                UnexpectedJson.class,
                () -> {
                    while (scanner.nextElement()) {
                        scanner.skip();
                    }
                });
    }

    @Test
    void refusesInvalidUtf8InAStringThatIsRead() {
        assertThrows(IOException.class, () -> strings("{\"a\":\"\u00e9\"}".getBytes(ISO_8859_1)));
        assertThrows(IOException.class, () -> strings("{\"a\":\"b\"}".getBytes(UTF_16LE)));
    }

    @Test
    void acceptsInvalidUtf8InAStringThatIsSkipped() throws IOException {
        assertEquals(
                List.of("a", "b"),
                names("{\"a\":\"\u00e9\t\\x\",\"b\":[\"\u00e9\n\\x\"]}".getBytes(ISO_8859_1)));
    }

    @Test
    void skipsNestingOfAnyDepth() throws IOException {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertEquals(List.of("a", "b"), names(("{\"a\":" + deep + ",\"b\":1}").getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "-0.5e9", "true", "false", "\"text\"", "[]", "[{}]"})
    void entersAnObjectAndSkipsAnyOtherValue(String value) throws IOException {
        JsonScanner scanner = member("{\"a\":" + value + ",\"b\":{\"c\":\"d\"}}");

        assertFalse(scanner.enterObject());
        assertTrue(scanner.nextMember());
        assertTrue(scanner.enterObject());
        assertTrue(scanner.nextMember());
        assertEquals("c", scanner.name());
        assertEquals("d", scanner.stringOrNull());
        assertFalse(scanner.nextMember());
        assertFalse(scanner.nextMember());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "true", "{}", "[\"x\"]"})
    void returnsNullForAValueThatIsNotAString(String value) throws IOException {
        JsonScanner scanner = member("{\"a\":" + value + ",\"b\":\"c\"}");

        assertNull(scanner.stringOrNull());
        assertTrue(scanner.nextMember());
        assertEquals("c", scanner.stringOrNull());
    }

    @Test
    void knowsTheLengthOfANameWithoutEscapes() throws IOException {
        assertEquals(4, member("{\"name\":1}").nameLength());
        assertEquals(0, member("{\"\":1}").nameLength());
        assertEquals(-1, member("{\"n\\u0061me\":1}").nameLength());
        assertEquals(-1, member("{\"n\u00e4me\":1}").nameLength());
        assertEquals("name", member("{\"n\\u0061me\":1}").name());
        assertEquals("n\u00e4me", member("{\"n\u00e4me\":1}").name());
        assertEquals("", member("{\"\":1}").name());
    }

    @Test
    void findsOnlyEqualStringsTheSame() throws IOException {
        assertEquals(List.of(true), same("\"abc\""));
        assertEquals(List.of(false), same("\"abd\""));
        assertEquals(List.of(false), same("\"abcd\""));
        assertEquals(List.of(false), same("\"ab\""));
        assertEquals(List.of(false), same("[\"abc\"]"));
        assertEquals(List.of(false), same("\"\\u0061bc\""));
        assertEquals(List.of(true, true, false), same("\"abc\"", "\"abc\"", "\"x\""));
    }

    /**
     * Which of these values are skipped because they repeat the string {@code "abc"} before them.
     */
    private static List<Boolean> same(String... values) throws IOException {
        JsonScanner scanner = member("{\"a\":[\"abc\"," + String.join(",", values) + "]}");
        scanner.enterArray();
        scanner.nextElement();
        int from = scanner.position();
        scanner.skip();
        int to = scanner.position();
        List<Boolean> same = new ArrayList<>();
        while (scanner.nextElement()) {
            boolean skipped = scanner.skipSame(from, to);
            same.add(skipped);
            if (!skipped) {
                scanner.skip();
            }
        }
        return same;
    }

    /** A scanner at the value of the first member. */
    private static JsonScanner member(String document) throws IOException {
        JsonScanner scanner = new JsonScanner(document.getBytes(UTF_8));
        scanner.enterObject();
        scanner.nextMember();
        return scanner;
    }

    /** The names of the members of an object. The values are skipped. */
    private static List<String> names(byte[] document) throws IOException {
        JsonScanner scanner = new JsonScanner(document);
        assertTrue(scanner.enterObject());
        List<String> names = new ArrayList<>();
        while (scanner.nextMember()) {
            names.add(scanner.name());
            scanner.skip();
        }
        return names;
    }

    /** The string values of the members of an object, with their names. */
    private static List<String> strings(byte[] document) throws IOException {
        JsonScanner scanner = new JsonScanner(document);
        if (!scanner.enterObject()) {
            throw new UnexpectedJson("not an object");
        }
        List<String> found = new ArrayList<>();
        while (scanner.nextMember()) {
            found.add(scanner.name() + "=" + scanner.stringOrNull());
        }
        return found;
    }

    /** Compares each value of a scanner with a tree. */
    private static void assertSame(JsonNode tree, JsonScanner scanner) throws IOException {
        if (tree.isObject()) {
            assertTrue(scanner.enterObject());
            for (var member : tree.properties()) {
                assertTrue(scanner.nextMember());
                assertEquals(member.getKey(), scanner.name());
                assertSame(member.getValue(), scanner);
            }
            assertFalse(scanner.nextMember());
        } else if (tree.isArray()) {
            assertTrue(scanner.enterArray());
            for (JsonNode element : tree) {
                assertTrue(scanner.nextElement());
                assertSame(element, scanner);
            }
            assertFalse(scanner.nextElement());
        } else {
            assertEquals(tree.isTextual() ? tree.textValue() : null, scanner.stringOrNull());
        }
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(6); i > 0; i--) {
            object.set(text(random), value(random, depth));
        }
        return object;
    }

    private static JsonNode value(Random random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt());
            case 3 -> nodes.numberNode(random.nextGaussian() * 1e20);
            case 4 -> nodes.textNode(text(random));
            case 5 -> object(random, depth - 1);
            default -> {
                ArrayNode array = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
        };
    }

    /** A text with many characters that have a meaning in JSON or are outside ASCII. */
    private static String text(Random random) {
        String pool = "ab\"\\/{}[]:, \n\t\u0001\u007f\u00e9\u20ac\ud83d\ude00";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(pool.length() - 1);
            text.append(at == pool.length() - 2 ? pool.substring(at) : pool.substring(at, at + 1));
        }
        return text.toString();
    }
}
