package authoriser.fuzzing;

import authoriser.http.Reply;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP answer in an input: the status, then headers, each on a line; an empty line; the body.
 * Without such a head, the whole input is the body of an answer with the status 200.
 */
record StatusAndBody(int status, Reply.Fields fields, byte[] body) {
    /** An answer with this status has no body (RFC 9112 section 6.3). */
    private static final int NO_CONTENT = 204;

    static StatusAndBody of(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        String[] head = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
        if (!head[0].matches("[2-5][0-9][0-9]")) {
            return new StatusAndBody(200, Reply.Fields.NONE, input);
        }
        String[] values = new String[4];
        for (int i = 1; i < head.length; i++) {
            String[] field = head[i].split(":", 2);
            String value = field.length < 2 ? "" : field[1].strip();
            switch (field[0]) {
                case "WWW-Authenticate" -> values[0] = value;
                case "Cache-Control" -> values[1] = value;
                case "Age" -> values[2] = value;
                case "Vary" -> values[3] = value;
                default -> {}
            }
        }
        int status = Integer.parseInt(head[0]);
        String body = end < 0 || status == NO_CONTENT ? "" : text.substring(end + 2);
        return new StatusAndBody(
                status,
                new Reply.Fields(values[0], values[1], values[2], values[3]),
                body.getBytes(StandardCharsets.ISO_8859_1));
    }

    boolean successful() {
        return status <= 299;
    }

    Reply reply() {
        return new Reply.Answered(status, body, fields);
    }
}
