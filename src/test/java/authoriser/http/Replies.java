package authoriser.http;

import java.nio.charset.StandardCharsets;

/** Replies as text, for comparisons. */
final class Replies {
    private Replies() {}

    /** The status and body of a response, or the detail of a failure. */
    static String text(Reply reply) {
        return switch (reply) {
            case Reply.Answered(int status, byte[] body, _) ->
                    status + " " + new String(body, StandardCharsets.ISO_8859_1);
            case Reply.Failed(String detail, _, _) -> detail;
        };
    }
}
