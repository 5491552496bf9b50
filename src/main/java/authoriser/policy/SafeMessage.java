package authoriser.policy;

/** Makes a sentence safe to show in a JSON template, a web page or a line of a log. */
final class SafeMessage {
    private static final int LENGTH_LIMIT = 256;

    private SafeMessage() {}

    /** Replaces characters that could end a string or begin a tag, and shortens long text. */
    static String of(String message) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < message.length() && safe.length() < LENGTH_LIMIT; i++) {
            char c = message.charAt(i);
            boolean control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
            if (c == '"') {
                safe.append('\'');
            } else {
                safe.append(
                        control || "\\<>&$`".indexOf(c) >= 0 || Character.isSurrogate(c) ? ' ' : c);
            }
        }
        return safe.toString();
    }
}
