package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonSizeTest {

    @Test
    void countsAtLeastTheBytesOfEachCharacter() throws IOException {
        for (int c = 0; c <= 0x10ffff; c += c < 0x3000 ? 1 : 61) {
            String text = "a" + Character.toString(c) + "z";

            assertTrue(written(text) <= JsonSize.of(text), "U+" + Integer.toHexString(c));
        }
    }

    @Test
    void countsTheExactBytesOfUsualText() throws IOException {
        String text = "orders/read \"quoted\" back\\slash é 日 \ud83d\ude00";

        assertEquals(written(text), JsonSize.of(text));
    }

    private static int written(String text) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(output)) {
            json.writeString(text);
        }
        return output.size() - "\"\"".length();
    }
}
