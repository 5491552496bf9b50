package authoriser.deployment;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The tables of a Markdown document. */
final class Tables {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private Tables() {}

    /** The code words in the first cells of the tables whose first column has such a heading. */
    static Set<String> firstCells(String markdown, Set<String> headings) {
        Set<String> cells = new TreeSet<>();
        boolean inTable = false;
        boolean wanted = false;
        for (String line : markdown.lines().toList()) {
            if (!line.startsWith("|")) {
                inTable = false;
                continue;
            }
            String first = line.substring(1).split("\\|", 2)[0].strip();
            if (!inTable) {
                inTable = true;
                wanted = headings.contains(first.toLowerCase(Locale.ROOT));
            } else if (wanted) {
                CODE.matcher(first).results().forEach(found -> cells.add(found.group(1)));
            }
        }
        return cells;
    }
}
