package authoriser.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds values in a JSON document and skips the rest.
 *
 * <p>It is for documents whose writer is trusted to write correct JSON: in what it skips, it
 * recognises strings and brackets only. It keeps no table of names, and makes no object of what it
 * skips.
 *
 * <p>After {@link #nextMember} and {@link #nextElement}, exactly one call takes the value: {@link
 * #enterObject}, {@link #enterArray}, {@link #stringOrNull}, {@link #skipSame} if it is true, or
 * {@link #skip}.
 */
public final class JsonScanner {
    private final byte[] document;

    /** The position of the first unread byte. */
    private int position;

    /** Whether an object or array was just entered: its first part has no comma before it. */
    private boolean entered;

    private int nameStart;
    private int nameEnd;
    private boolean plainName;

    /** Whether the last string that was read is ASCII without escapes. */
    private boolean plain;

    /** Begins at the start of a document. */
    public JsonScanner(byte[] document) {
        this.document = document;
    }

    /** Enters the next value if it is an object; otherwise skips it and returns false. */
    public boolean enterObject() throws IOException {
        return enter('{');
    }

    /** Enters the next value if it is an array; otherwise skips it and returns false. */
    public boolean enterArray() throws IOException {
        return enter('[');
    }

    private boolean enter(char bracket) throws IOException {
        if (next() != bracket) {
            skip();
            return false;
        }
        position++;
        entered = true;
        return true;
    }

    /** Goes to the next member of the object that was entered last; false at its end. */
    public boolean nextMember() throws IOException {
        if (!more('}')) {
            return false;
        }
        if (next() != '"') {
            throw new UnexpectedJson("not a name");
        }
        nameStart = position;
        readString();
        nameEnd = position;
        plainName = plain;
        if (next() != ':') {
            throw new UnexpectedJson("no value");
        }
        position++;
        next();
        return true;
    }

    /** Goes to the next element of the array that was entered last; false at its end. */
    public boolean nextElement() throws IOException {
        if (!more(']')) {
            return false;
        }
        next();
        return true;
    }

    /** Whether another part of the object or array follows; skips a comma or the end. */
    private boolean more(char end) throws IOException {
        byte next = next();
        if (next == end) {
            position++;
            entered = false;
            return false;
        }
        if (entered) {
            entered = false;
        } else if (next == ',') {
            position++;
        } else {
            throw new UnexpectedJson("no comma");
        }
        return true;
    }

    /** The name of the member. */
    public String name() throws IOException {
        return text(nameStart, nameEnd, plainName);
    }

    /**
     * How many characters the name of the member has, if it is ASCII without escapes; -1 otherwise.
     */
    public int nameLength() {
        return plainName ? nameEnd - nameStart - 2 : -1;
    }

    /** Where in the document the value begins, or where the one that was taken ended. */
    public int position() {
        return position;
    }

    /** Takes the next value if it is a string; otherwise skips it and returns null. */
    public @Nullable String stringOrNull() throws IOException {
        if (next() != '"') {
            skip();
            return null;
        }
        int start = position;
        readString();
        return text(start, position, plain);
    }

    /**
     * Skips the next string if its bytes are the same as those of an earlier string.
     *
     * @param from the position at which the earlier one began
     * @param to the position at which it ended
     */
    public boolean skipSame(int from, int to) {
        int end = position + to - from;
        if (end > document.length || !Arrays.equals(document, position, end, document, from, to)) {
            return false;
        }
        position = end;
        return true;
    }

    /** Skips the value. */
    public void skip() throws IOException {
        switch (next()) {
            case '"' -> position = endOfString(position + 1);
            case '{', '[' -> skipBrackets();
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 't', 'f', 'n' ->
                    skipLiteral();
            default -> throw new UnexpectedJson("not a value");
        }
    }

    private void skipLiteral() {
        int i = position;
        while (i < document.length && isOfLiteral(document[i])) {
            i++;
        }
        position = i;
    }

    /** Whether a byte may be part of a number, {@code true}, {@code false} or {@code null}. */
    private static boolean isOfLiteral(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'a' && b <= 'z')
                || b == '-'
                || b == '+'
                || b == '.'
                || b == 'E';
    }

    /** Skips an object or array, up to its closing bracket. */
    private void skipBrackets() throws IOException {
        int open = 0;
        int i = position;
        while (i < document.length) {
            byte b = document[i];
            i++;
            if (b == '"') {
                i = endOfString(i);
            } else if (b == '{' || b == '[') {
                open++;
            } else if (b == '}' || b == ']') {
                open--;
                if (open == 0) {
                    position = i;
                    return;
                }
            }
        }
        throw endOfDocument();
    }

    /**
     * The position after a string whose first character, after the quotation mark, is at {@code
     * from}.
     */
    private int endOfString(int from) throws IOException {
        for (int i = from; i < document.length; i++) {
            byte b = document[i];
            if (b == '"') {
                return i + 1;
            }
            if (b == '\\') {
                i++;
            }
        }
        throw endOfDocument();
    }

    /** Skips a string and notes whether it is plain. */
    private void readString() throws IOException {
        boolean simple = true;
        for (int i = position + 1; i < document.length; i++) {
            byte b = document[i];
            if (b == '"') {
                position = i + 1;
                plain = simple;
                return;
            }
            if (b == '\\') {
                i++;
                simple = false;
            } else if (b < ' ') {
                simple = false; // not ASCII, or a control character
            }
        }
        throw endOfDocument();
    }

    /** The text of a string; {@code start} and {@code end} are those of its quotation marks. */
    private String text(int start, int end, boolean isPlain) throws IOException {
        return isPlain
                ? new String(document, start + 1, end - start - 2, StandardCharsets.ISO_8859_1)
                : Json.text(Arrays.copyOfRange(document, start, end));
    }

    /** The next byte that is not white space. */
    private byte next() throws IOException {
        while (position < document.length) {
            byte b = document[position];
            if (!isBlank(b)) {
                return b;
            }
            position++;
        }
        throw endOfDocument();
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static UnexpectedJson endOfDocument() {
        return new UnexpectedJson("the document ends too soon");
    }
}
