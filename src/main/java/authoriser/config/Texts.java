package authoriser.config;

/** Functions for text that people have typed or pasted. */
public final class Texts {

    private Texts() {}

    /**
     * A text without white space of any kind around it: blanks, line breaks, no-break spaces, and
     * the byte order mark.
     */
    public static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Whether a text holds a line break or another control character. */
    public static boolean holdsControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || c == '\u0085' // next line
                || c == '\u200b' // zero-width space
                || c == '\ufeff'; // byte order mark
    }

    /** Whether a text has at least one character, and only these. */
    static boolean consistsOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether a whole text is in quotes or brackets. */
    static boolean isWrapped(String text) {
        int kind = text.length() < 2 ? -1 : "\"'[{<".indexOf(text.charAt(0));
        return kind >= 0 && text.charAt(text.length() - 1) == "\"']}>".charAt(kind);
    }
}
