package authoriser.http;

import java.util.List;
import java.util.Random;

/**
 * Makes valid and invalid responses to a GET request, as the bytes of RFC 9112 (in Latin-1).
 *
 * <p>Most parts of a response are valid, and some are not. Some responses are then changed at a
 * random place. The same seed makes the same responses.
 */
final class RandomAnswers {
    private static final List<String> VERSIONS =
            List.of(
                    "HTTP/1.0",
                    "HTTP/1.2",
                    "HTTP/2.0",
                    "HTTP/0.9",
                    "http/1.1",
                    "HTTP/1",
                    "HTP/1.1");
    private static final List<String> STATUSES =
            List.of(
                    "204", "304", "403", "404", "500", "599", "600", "999", "99", "099", "000",
                    "2000", "20", "2x0", "-20", "+20", "", "101");
    private static final List<String> REASONS = List.of("", " ", " OK", " \u00d6K \u0000", "\tOK");
    private static final List<String> LENGTHS =
            List.of(
                    "0",
                    "1",
                    "4",
                    "5",
                    "6",
                    "05",
                    "000000005",
                    "0000000005",
                    "-1",
                    "+5",
                    "0x5",
                    "5, 5",
                    "5,5",
                    "5,6",
                    "5 5",
                    "",
                    "five",
                    "\u0665",
                    "\u00b2",
                    "5;",
                    "65537",
                    "4294967301",
                    "9223372036854775807",
                    "9223372036854775808",
                    "\u00a05",
                    "5\f");
    private static final List<String> CODINGS =
            List.of(
                    "chunked",
                    "Chunked",
                    "chunked, chunked",
                    "gzip, chunked",
                    "chunked, gzip",
                    "gzip",
                    "identity",
                    "identity, chunked",
                    "chunked,",
                    ", chunked",
                    "",
                    "xchunked",
                    "chunked;q=1",
                    "\"chunked\"",
                    "chunked\u000b",
                    "\u00a0chunked");
    private static final List<String> LENGTH_NAMES =
            List.of("content-length:", "CONTENT-LENGTH:\t", "Content-Length :", "Content_Length: ");
    private static final List<String> CODING_NAMES =
            List.of("transfer-encoding:", "Transfer-Encoding :", "Transfer-encoding\t:");
    private static final List<String> SIZES =
            List.of(
                    "",
                    "0x5",
                    "+5",
                    "-5",
                    "5 5",
                    " 5",
                    "\t5",
                    "5 ",
                    "5\t",
                    "g",
                    "000005",
                    "0000005",
                    "00000000000000005",
                    "100000005",
                    "7fffffffffffffff",
                    "ffffffffffffffff",
                    "10000000000000005",
                    "5,5",
                    "\u0665",
                    "5\u00a0",
                    "5\u000b");
    private static final List<String> EXTENSIONS =
            List.of(
                    ";",
                    ";a",
                    ";a=b",
                    ";a=\"b;c\"",
                    " ;a",
                    "; a = b",
                    "\t;a",
                    ";\u0001",
                    ";\u00e4");
    private static final List<String> FIELDS =
            List.of(
                    "Cache-Control: max-age=60",
                    "cache-control:no-store",
                    "Cache-Control:",
                    "Age: 7",
                    "Vary:\tOrigin\t",
                    "WWW-Authenticate: Bearer error=\"invalid_token\"",
                    "Connection: close",
                    "Connection: Keep-Alive",
                    "Connection: keep-alive, close",
                    "Connection: te, CLOSE ",
                    "Connection:",
                    "Keep-Alive: timeout=5",
                    "Content-Encoding: identity",
                    "Server: x",
                    "X: \u00e4\u00ff");
    private static final List<String> BAD_FIELDS =
            List.of(
                    "AGE : 7",
                    "Connection: \"close\"",
                    "Connection: close;q=1",
                    "Content-Encoding: gzip",
                    "X: a\u0000b",
                    "X: a\u007fb",
                    "X: a\rb",
                    "X: \u0001",
                    "X\u0000: a",
                    "X Y: a",
                    "X\u00a0: a",
                    "(X): a",
                    "\u00e4: a",
                    ": a",
                    "no colon",
                    " folded",
                    "\tfolded: x",
                    "\u000bX: a");
    private static final List<String> LINE_ENDS = List.of("\n", "\r", "\r\r\n", "\n\r", "");
    private static final List<String> BODIES = List.of("", "a", "hell", "hello", "hello!");

    /**
     * The texts that mutations insert. They have a meaning in the head of a response or in a chunk.
     */
    private static final String CHARACTERS =
            "\r\n\t \u0000\u000b\u001f\u007f\u0085\u00a0:;,=\"05a-/.";

    private final Random random;

    RandomAnswers(long seed) {
        random = new Random(seed);
    }

    String next() {
        StringBuilder answer = new StringBuilder();
        if (oneIn(30)) {
            answer.append("\r\n");
        }
        while (oneIn(10)) {
            interim(answer);
        }
        whole(answer);
        if (oneIn(30)) {
            answer.append(one(List.of("x", "\r\n", "HTTP/1.1 200 OK\r\n\r\n")));
        }
        if (oneIn(12)) {
            answer.setLength(random.nextInt(answer.length() + 1));
        }
        for (int i = oneIn(5) ? 1 + random.nextInt(2) : 0; i > 0; i--) {
            mutate(answer);
        }
        return answer.toString();
    }

    private void interim(StringBuilder answer) {
        answer.append("HTTP/1.1 ").append(one(List.of("100", "102", "103", "199"))).append(" X");
        end(answer);
        fields(answer);
        if (oneIn(4)) {
            answer.append("Content-Length: 5\r\n");
        }
        end(answer);
    }

    private void whole(StringBuilder answer) {
        answer.append(oneIn(20) ? one(VERSIONS) : "HTTP/1.1");
        answer.append(oneIn(40) ? one(List.of("", "  ", "\t")) : " ");
        answer.append(oneIn(6) ? one(STATUSES) : "200");
        answer.append(oneIn(12) ? one(REASONS) : " OK");
        end(answer);
        fields(answer);
        int framing = random.nextInt(20);
        if (framing < 8) {
            length(answer);
        } else if (framing < 16) {
            coding(answer);
        } else if (framing < 18) {
            length(answer);
            length(answer);
        } else if (framing < 19) {
            length(answer);
            coding(answer);
        }
        fields(answer);
        end(answer);
        if (framing < 8 || framing == 16 || framing == 17 || oneIn(5)) {
            answer.append(oneIn(5) ? one(BODIES) : "hello");
        } else {
            chunks(answer);
        }
    }

    private void length(StringBuilder answer) {
        answer.append(oneIn(15) ? one(LENGTH_NAMES) : "Content-Length: ");
        answer.append(oneIn(4) ? one(LENGTHS) : "5");
        end(answer);
    }

    private void coding(StringBuilder answer) {
        answer.append(oneIn(15) ? one(CODING_NAMES) : "Transfer-Encoding: ");
        answer.append(oneIn(5) ? one(CODINGS) : "chunked");
        end(answer);
        if (oneIn(15)) {
            coding(answer);
        }
    }

    private void fields(StringBuilder answer) {
        while (oneIn(3)) {
            answer.append(oneIn(10) ? one(BAD_FIELDS) : one(FIELDS));
            end(answer);
        }
    }

    private void chunks(StringBuilder answer) {
        for (int i = random.nextInt(4); i > 0; i--) {
            String content = one(BODIES.subList(1, BODIES.size()));
            answer.append(oneIn(15) ? one(SIZES) : Integer.toHexString(content.length()));
            extension(answer);
            end(answer);
            answer.append(content);
            end(answer);
        }
        answer.append(oneIn(20) ? one(List.of("00", "0000000", "-0", "")) : "0");
        extension(answer);
        end(answer);
        while (oneIn(6)) {
            answer.append(oneIn(10) ? one(BAD_FIELDS) : one(FIELDS));
            end(answer);
        }
        end(answer);
    }

    private void extension(StringBuilder answer) {
        if (oneIn(6)) {
            answer.append(one(EXTENSIONS));
        }
    }

    private void end(StringBuilder answer) {
        answer.append(oneIn(200) ? one(LINE_ENDS) : "\r\n");
    }

    private void mutate(StringBuilder answer) {
        int at = random.nextInt(answer.length() + 1);
        String character = "" + CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
        switch (random.nextInt(4)) {
            case 0 -> answer.insert(at, character);
            case 1 -> answer.replace(at, Math.min(at + 1, answer.length()), character);
            case 2 -> answer.delete(at, Math.min(at + 1 + random.nextInt(3), answer.length()));
            default -> answer.insert(at, answer.substring(at, Math.min(at + 12, answer.length())));
        }
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private String one(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
