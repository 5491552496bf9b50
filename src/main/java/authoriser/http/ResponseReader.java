package authoriser.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads answers from a connection (RFC 9112 sections 4 to 7), and is strict about where a message
 * ends.
 *
 * <p>A message that gives its length in two ways, or in an unknown way, is an error: bytes after it
 * could be read as the answer to the next request.
 */
final class ResponseReader {
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final int MOST_SIZE_DIGITS = 6;
    private static final byte DELETE = 0x7f;
    private static final Duration NO_LIMIT = Duration.ofDays(1);

    private final Source input;
    private byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;

    private int headBytes;
    private boolean statusRead;
    private boolean keepsAlive = true;
    private Duration keepAliveTimeout = NO_LIMIT;
    private long contentLength;
    private boolean chunked;
    private final ResponseFields fields = new ResponseFields();

    /** The connection that the bytes are read from. */
    @FunctionalInterface
    interface Source {
        /** Waits for bytes and reads at most {@code length} of them; -1 at the end. */
        int read(byte[] bytes, int offset, int length) throws IOException;
    }

    ResponseReader(Source input) {
        this.input = input;
    }

    /** Forgets the status of the last answer, before the next request. */
    void forgetStatus() {
        statusRead = false;
    }

    /** Whether a status was read since then. That of an interim answer does not count. */
    boolean statusRead() {
        return statusRead;
    }

    /** Whether the connection may be used again after the last answer. */
    boolean keepsAlive() {
        return keepsAlive;
    }

    /** The peer's own limit for an idle connection, less a second; a day if the peer gives none. */
    Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    /** Reads one answer. */
    Reply.Answered read() throws IOException {
        headBytes = 0;
        int status = head();
        while (status
                < 200) { // interim answers, RFC 9110 section 15.2; bounded by the head's limit
            status = head();
        }
        byte[] body = body(status);
        if (position < limit) {
            keepsAlive = false; // bytes after the answer
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
        statusRead = status >= 200;
        boolean old = line.charAt(7) == '0';
        keepsAlive = !old;
        contentLength = -1;
        chunked = false;
        fields.clear();
        for (line = line(); !line.isEmpty(); line = line()) {
            field(line, nameEnd(line));
        }
        if (chunked && contentLength >= 0) {
            throw new ProtocolException("two lengths");
        }
        if (chunked && old) {
            throw new ProtocolException("a transfer coding of HTTP/1.0");
        }
        return status;
    }

    private void field(String line, int colon) throws IOException {
        if (named(line, colon, "content-length")) {
            long length = digits(trimmed(line, colon + 1, line.length()));
            if (contentLength >= 0 && contentLength != length) {
                throw new ProtocolException("two lengths");
            }
            contentLength = length;
        } else if (named(line, colon, "transfer-encoding")) {
            if (chunked || !trimmed(line, colon + 1, line.length()).equalsIgnoreCase("chunked")) {
                throw new ProtocolException("an unknown transfer coding");
            }
            chunked = true;
        } else if (named(line, colon, "connection")) {
            for (String option : list(line, colon + 1)) {
                if (!isToken(option, option.length()) || option.equalsIgnoreCase("close")) {
                    keepsAlive = false; // an unreadable option may mean "close"
                }
            }
        } else if (named(line, colon, "keep-alive")) {
            for (String parameter : list(line, colon + 1)) {
                keepAlive(parameter);
            }
        } else if (named(line, colon, "content-encoding")) {
            for (String coding : list(line, colon + 1)) {
                if (!coding.equalsIgnoreCase("identity")) {
                    throw new ProtocolException("a content coding that was not asked for");
                }
            }
        } else {
            fields.take(line, colon);
        }
    }

    /** Where the name of a field ends: at its colon. */
    private static int nameEnd(String line) throws IOException {
        int colon = line.indexOf(':');
        if (colon <= 0 || !isToken(line, colon)) {
            throw new ProtocolException("a broken header"); // another parser may see another name
        }
        return colon;
    }

    /**
     * Whether a text has, up to {@code end}, characters of a token only (RFC 9110 section 5.6.2).
     */
    private static boolean isToken(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && c != '-' && !isDigit(c) && "!#$%&'*+.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    static boolean named(String line, int colon, String name) {
        return colon == name.length() && line.regionMatches(true, 0, name, 0, colon);
    }

    /** A part of a line without the white space around it: spaces and tabs, and no other. */
    private static String trimmed(String line, int start, int end) {
        int first = start;
        int last = end;
        while (first < last && isBlank(line.charAt(first))) {
            first++;
        }
        while (first < last && isBlank(line.charAt(last - 1))) {
            last--;
        }
        return line.substring(first, last);
    }

    /** The elements of a list; empty ones do not count (RFC 9110 section 5.6.1). */
    private static List<String> list(String line, int start) {
        List<String> elements = new ArrayList<>();
        for (String part : line.substring(start).split(",", -1)) {
            String element = trimmed(part, 0, part.length());
            if (!element.isEmpty()) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** {@code timeout=5}: the number is in seconds. */
    private void keepAlive(String parameter) {
        String name = "timeout=";
        if (!parameter.regionMatches(true, 0, name, 0, name.length())) {
            return;
        }
        int start = name.length();
        int end = start;
        while (end < parameter.length() && end < start + 6 && isDigit(parameter.charAt(end))) {
            end++;
        }
        if (end > start) {
            int seconds = Integer.parseInt(parameter.substring(start, end));
            keepAliveTimeout = Duration.ofSeconds(Math.max(0, seconds - 1));
        }
    }

    private byte[] body(int status) throws IOException {
        if (status == 204 && (chunked || contentLength > 0)) {
            throw new ProtocolException("a body with status 204"); // RFC 9112 section 6.1 and 6.2
        }
        if (status == 204 || status == 304) {
            if (chunked || contentLength > 0) {
                keepsAlive = false; // a 304 has no body, but the peer may send one
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
            throw new EOFException(); // the body may be empty, or the connection broke before it
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
        headBytes = 0; // the same limit holds for all lines between the chunks together
        while (true) {
            int length = chunkSize(line());
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
        for (String line = line(); !line.isEmpty(); line = line()) {
            nameEnd(line);
        }
    }

    /**
     * Reads a line up to its CR LF.
     *
     * <p>A CR or LF alone is an error, because parsers disagree on whether it ends a line (RFC 9112
     * section 2.2). So is any other control character except the tab (RFC 9110 section 5.5).
     */
    private String line() throws IOException {
        int end = 0;
        while (true) {
            for (; position + end < limit; end++) {
                byte b = buffer[position + end];
                if (b == '\r') {
                    break;
                }
                if ((b >= 0 && b < ' ' && b != '\t') || b == DELETE) {
                    throw new ProtocolException("a control character");
                }
            }
            int next = position + end + 1;
            if (next < limit) {
                if (buffer[next] != '\n') {
                    throw new ProtocolException("a control character");
                }
                String line = new String(buffer, position, end, StandardCharsets.ISO_8859_1);
                count(end + 2);
                headBytes += end + 2;
                position = next + 1;
                return line;
            }
            count(limit - position);
            if (!more()) {
                throw new EOFException();
            }
        }
    }

    private void count(int bytes) throws IOException {
        if (headBytes + bytes > HEAD_LIMIT) {
            throw new ProtocolException("a head of more than " + HEAD_LIMIT + " bytes");
        }
    }

    /** Moves the unread bytes to the front of the buffer and reads more after them. */
    private boolean more() throws IOException {
        int kept = limit - position;
        byte[] target = kept == buffer.length ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, position, target, 0, kept);
        buffer = target;
        position = 0;
        limit = kept;
        int read = input.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, read);
        return read > 0;
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

    /** The size of a chunk, in hexadecimal digits; what follows a semicolon is ignored. */
    private static int chunkSize(String line) throws IOException {
        int size = 0;
        int end = 0;
        while (end < line.length() && HexFormat.isHexDigit(line.charAt(end))) {
            if (end == MOST_SIZE_DIGITS) {
                throw new ProtocolException("a broken chunk");
            }
            size = size * 16 + HexFormat.fromHexDigit(line.charAt(end));
            end++;
        }
        int extension = end;
        while (extension < line.length() && isBlank(line.charAt(extension))) {
            extension++;
        }
        boolean extended = extension < line.length() && line.charAt(extension) == ';';
        if (end == 0 || (end < line.length() && !extended)) {
            throw new ProtocolException("a broken chunk");
        }
        return size;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
