package authoriser.local;

/** Writes HTML. Each text and each value of an attribute is escaped here, and nowhere else. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    /** Opens an element, with attributes as name, value, name, value. */
    Html open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        return this;
    }

    Html close(String tag) {
        out.append("</").append(tag).append(">\n");
        return this;
    }

    Html text(String text) {
        escape(text);
        return this;
    }

    /** An element that holds a text alone. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    /** Opens a table with a caption and the headers of its columns; the rows follow. */
    Html openTable(String caption, String... columns) {
        open("table").element("caption", caption).open("thead").open("tr");
        for (String column : columns) {
            element("th", column, "scope", "col");
        }
        return close("tr").close("thead").open("tbody");
    }

    Html closeTable() {
        return close("tbody").close("table");
    }

    /** A row of texts, of which the first is the row's header. */
    Html row(String header, String... cells) {
        open("tr").element("th", header, "scope", "row");
        for (String cell : cells) {
            element("td", cell);
        }
        return close("tr");
    }

    /** Puts in a text of this project as it is: a style sheet or a script. */
    Html raw(String trusted) {
        out.append(trusted);
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(isShown(text, i) ? c : '\ufffd');
            }
        }
    }

    /** Whether a character has no effect on its neighbours, such as their direction. */
    private static boolean isShown(String text, int index) {
        char c = text.charAt(index);
        if (Character.isSurrogate(c)) {
            return Character.isHighSurrogate(c)
                    ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                    : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
        }
        return c == '\n'
                || c == '\t'
                || (!Character.isISOControl(c) && Character.getType(c) != Character.FORMAT);
    }
}
