package authoriser.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of a function, in parts.
 *
 * @param lines the log lines, one for each invocation
 * @param reports the peers that were reached, in a self-check or after a start that did not reach
 *     all
 * @param errors the messages of exceptions of the handler, as the runtime client reports them
 * @param others all other text
 */
record Printed(
        List<JsonNode> lines, List<String> reports, List<String> errors, List<String> others) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The upper half of the first four bytes of a frame. The lower half has format and level. */
    private static final int FRAME = 0xa55a;

    private static final int FRAME_HEADER = 16;

    /** Parses text that may have records in Lambda's format TEXT or JSON. */
    static Printed of(List<String> text) {
        Printed printed =
                new Printed(
                        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int next = 0;
        while (next < text.size()) {
            next += printed.add(text, next);
        }
        return printed;
    }

    /**
     * The lines of the complete frames that the runtime client wrote to the log descriptor of
     * Lambda.
     */
    static List<String> frames(Path file) {
        List<String> lines = new ArrayList<>();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            while (bytes.remaining() >= FRAME_HEADER
                    && bytes.remaining() >= FRAME_HEADER + bytes.getInt(bytes.position() + 4)) {
                if (bytes.getInt() >>> 16 != FRAME) {
                    throw new IllegalStateException("No frame after " + lines.size() + " lines");
                }
                byte[] message = new byte[bytes.getInt()];
                bytes.getLong(); // the time of writing
                bytes.get(message);
                String text = new String(message, StandardCharsets.UTF_8);
                lines.addAll(List.of(text.replaceFirst("\n$", "").split("\n", -1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** Parses the part that begins at this line, and returns its number of lines. */
    private int add(List<String> text, int next) {
        String line = text.get(next);
        try {
            JsonNode json = JSON.readTree(line);
            if (json.has("_aws")) {
                lines.add(json);
                return 1;
            }
            if (json.has("init") || json.has("selfCheck")) {
                reports.add(line);
                return 1;
            }
            String message = json.path("message").asText();
            if (!message.isEmpty()) {
                addReport(List.of(message.split("\n", 3)), 0);
                return 1;
            }
        } catch (JsonProcessingException e) {
            // not a line of our code
        }
        return addReport(text, next);
    }

    /** Parses the report of a throwable without a stack trace: three lines, the last one empty. */
    private int addReport(List<String> text, int next) {
        String first = text.get(next);
        int end = first.lastIndexOf(": ");
        if (end > 0 && next + 2 < text.size()) {
            String message = first.substring(0, end);
            String type = first.substring(end + 2);
            if (text.get(next + 1).equals(type + ": " + message) && text.get(next + 2).isBlank()) {
                errors.add(message);
                return 3;
            }
        }
        others.add(first);
        return 1;
    }
}
