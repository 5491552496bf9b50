package authoriser.policy;

/** The length of texts in JSON. */
final class JsonSize {

    private JsonSize() {}

    /** The bytes that a text needs in a JSON string in UTF-8, without quotes, or a few more. */
    static int of(String text) {
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || Character.isSurrogate(c)) {
                size += 6; // as an escape
            } else if (c == '"' || c == '\\') {
                size += 2;
            } else if (c < 0x80) {
                size += 1;
            } else {
                size += c < 0x800 ? 2 : 3;
            }
        }
        return size;
    }
}
