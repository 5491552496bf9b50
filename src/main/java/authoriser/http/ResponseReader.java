package authoriser.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Reads answers off a connection (RFC 9112 sections 4 to 7), strictly about where a message ends.
 *
 * <p>A message whose length is told in two ways, or in one we do not know, is an error: what
 * follows could be taken for the answer to the next request.
 */
final class ResponseReader {
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final Duration NO_LIMIT = Duration.ofDays(1);

    private final InputStream input;
    private final byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;

    private int headBytes;
    private boolean keepsAlive = true;
    private Duration keepAliveTimeout = NO_LIMIT;
    private long contentLength;
    private boolean chunked;
    private final ResponseFields fields = new ResponseFields();

    ResponseReader(InputStream input) {
        this.input = input;
    }

    /** Whether the connection may be used again after the last answer. */
    boolean keepsAlive() {
        return keepsAlive;
    }

    /**
     * How long the peer says it keeps an idle connection, less a second; a day if it does not say.
     */
    Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    Reply.Answered read() throws IOException {
        headBytes = 0;
        int status = head();
        while (status
                < 200) { // interim answers, RFC 9110 section 15.2; bounded by the head's limit
            status = head();
        }
        byte[] body = body(status);
        if (position < limit) {
            keepsAlive = false; // more than was asked for
        }
        return new Reply.Answered(status, body, fields.taken());
    }

    private int head() throws IOException {
        String line = line();
        if (line.length() < 12
                || !line.startsWith("HTTP/1.")
                || !isDigit(line.charAt(7))
                || line.charAt(8) != ' ') {
            throw new ProtocolException("not an HTTP/1.1 answer");
        }
        int status = digits(line.substring(9, 12));
        if (status < 100
                || status > 599
                || status == 101
                || (line.length() > 12 && line.charAt(12) != ' ')) {
            throw new ProtocolException("no usable status");
        }
        keepsAlive = line.charAt(7) != '0';
        contentLength = -1;
        chunked = false;
        fields.clear();
        for (line = line(); !line.isEmpty(); line = line()) {
            field(line);
        }
        if (chunked && contentLength >= 0) {
            throw new ProtocolException("two lengths");
        }
        return status;
    }

    private void field(String line) throws IOException {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw new ProtocolException("a broken header");
        }
        for (int i = 0; i < colon; i++) {
            if (line.charAt(i) <= ' ' || line.charAt(i) >= 0x7f) {
                throw new ProtocolException("a broken header"); // others may read another name
            }
        }
        if (named(line, colon, "content-length")) {
            long length = digits(line.substring(colon + 1).strip());
            if (contentLength >= 0 && contentLength != length) {
                throw new ProtocolException("two lengths");
            }
            contentLength = length;
        } else if (named(line, colon, "transfer-encoding")) {
            if (chunked || !line.substring(colon + 1).strip().equalsIgnoreCase("chunked")) {
                throw new ProtocolException("an unknown transfer coding");
            }
            chunked = true;
        } else if (named(line, colon, "connection")) {
            if (contains(line, colon + 1, "close")) {
                keepsAlive = false;
            }
        } else if (named(line, colon, "keep-alive")) {
            keepAlive(line.substring(colon + 1));
        } else if (named(line, colon, "content-encoding")) {
            if (!contains(line, colon + 1, "identity")) {
                throw new ProtocolException("a content coding that was not asked for");
            }
        } else {
            fields.take(line, colon);
        }
    }

    static boolean named(String line, int colon, String name) {
        return colon == name.length() && line.regionMatches(true, 0, name, 0, colon);
    }

    private static boolean contains(String line, int from, String word) {
        for (int i = from; i + word.length() <= line.length(); i++) {
            if (line.regionMatches(true, i, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    /** {@code timeout=5, max=100}: the first number is in seconds. */
    private void keepAlive(String value) {
        int start = value.toLowerCase(Locale.ROOT).indexOf("timeout=") + "timeout=".length();
        if (start < "timeout=".length()) {
            return;
        }
        int end = start;
        while (end < value.length() && end < start + 6 && isDigit(value.charAt(end))) {
            end++;
        }
        if (end > start) {
            keepAliveTimeout =
                    Duration.ofSeconds(
                            Math.max(0, Integer.parseInt(value.substring(start, end)) - 1));
        }
    }

    private byte[] body(int status) throws IOException {
        if (status == 204 || status == 304) {
            if (chunked || contentLength > 0) {
                keepsAlive = false; // a body that must not be there may still follow
            }
            return new byte[0];
        }
        if (chunked) {
            return chunks();
        }
        if (contentLength >= 0) {
            return exactly(checked(contentLength));
        }
        keepsAlive = false;
        byte[] body = rest();
        if (body.length == 0 && status < 300) {
            throw new EOFException(); // it cannot be told from one that broke off before it began
        }
        return body;
    }

    private static int checked(long length) throws IOException {
        if (length > HttpClient.BODY_LIMIT) {
            throw new ProtocolException("a body of more than " + HttpClient.BODY_LIMIT + " bytes");
        }
        return (int) length;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] body = new byte[length];
        int filled = Math.min(length, limit - position);
        System.arraycopy(buffer, position, body, 0, filled);
        position += filled;
        while (filled < length) {
            int read = input.read(body, filled, length - filled);
            if (read < 0) {
                throw new EOFException();
            }
            filled += read;
        }
        return body;
    }

    private byte[] rest() throws IOException {
        byte[] body = new byte[HttpClient.BODY_LIMIT + 1];
        int filled = 0;
        while (position < limit || fill()) {
            int part = Math.min(limit - position, body.length - filled);
            System.arraycopy(buffer, position, body, filled, part);
            position += part;
            filled = part + filled;
            checked(filled);
        }
        return Arrays.copyOf(body, filled);
    }

    private byte[] chunks() throws IOException {
        byte[] body = new byte[0];
        headBytes = 0; // the limit of a head now holds for all that frames the chunks
        while (true) {
            String line = line();
            int end = line.indexOf(';');
            String size = (end < 0 ? line : line.substring(0, end)).strip();
            int length = hexadecimal(size);
            if (length == 0) {
                skipTrailers();
                return body;
            }
            checked((long) body.length + length);
            byte[] chunk = exactly(length);
            int before = body.length;
            body = Arrays.copyOf(body, before + length);
            System.arraycopy(chunk, 0, body, before, length);
            if (!line().isEmpty()) {
                throw new ProtocolException("a broken chunk");
            }
        }
    }

    private void skipTrailers() throws IOException {
        String line = line();
        while (!line.isEmpty()) {
            line = line();
        }
    }

    private String line() throws IOException {
        StringBuilder split = null;
        while (true) {
            for (int i = position; i < limit; i++) {
                if (buffer[i] == '\n') {
                    int end = i > position && buffer[i - 1] == '\r' ? i - 1 : i;
                    String part =
                            new String(
                                    buffer, position, end - position, StandardCharsets.ISO_8859_1);
                    count(i + 1 - position);
                    position = i + 1;
                    return split == null
                            ? part
                            : withoutReturn(split.append(part).toString(), part.isEmpty());
                }
            }
            count(limit - position);
            if (split == null) {
                split = new StringBuilder();
            }
            split.append(
                    new String(buffer, position, limit - position, StandardCharsets.ISO_8859_1));
            position = limit;
            if (!fill()) {
                throw new EOFException();
            }
        }
    }

    /** A line whose CR and LF came in two reads. */
    private static String withoutReturn(String line, boolean lastPartEmpty) {
        return lastPartEmpty && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private void count(int bytes) throws IOException {
        headBytes += bytes;
        if (headBytes > HEAD_LIMIT) {
            throw new ProtocolException("a head of more than " + HEAD_LIMIT + " bytes");
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        int read = input.read(buffer, 0, buffer.length);
        limit = Math.max(0, read);
        return read > 0;
    }

    private static int digits(String text) throws IOException {
        if (text.isEmpty() || text.length() > 9) {
            throw new ProtocolException("not a number");
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                throw new ProtocolException("not a number");
            }
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }

    /** A chunk's size, without the sign that the JDK's own parser takes. */
    private static int hexadecimal(String text) throws IOException {
        if (text.isEmpty() || text.length() > 6) {
            throw new ProtocolException("a broken chunk");
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                throw new ProtocolException("a broken chunk");
            }
            number = number * 16 + HexFormat.fromHexDigit(text.charAt(i));
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
