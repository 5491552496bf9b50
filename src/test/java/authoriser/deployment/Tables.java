package authoriser.deployment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The tables of a Markdown document. */
final class Tables {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private Tables() {}

    /** The code words in the first cells of the tables with such a first heading. */
    static Set<String> firstCells(String markdown, Set<String> headings) {
        Set<String> cells = new TreeSet<>();
        for (String heading : headings) {
            for (List<String> row : rows(markdown, heading)) {
                cells.addAll(codeWords(row.getFirst()));
            }
        }
        return cells;
    }

    /** The rows of all tables that begin with these headings, without the headings. */
    static List<List<String>> rows(String markdown, String... headings) {
        List<List<String>> rows = new ArrayList<>();
        boolean inTable = false;
        boolean wanted = false;
        for (String line : markdown.lines().toList()) {
            if (!line.startsWith("|")) {
                inTable = false;
                continue;
            }
            List<String> cells = cells(line);
            if (!inTable) {
                inTable = true;
                wanted =
                        cells.stream()
                                .map(cell -> cell.toLowerCase(Locale.ROOT))
                                .toList()
                                .subList(0, Math.min(headings.length, cells.size()))
                                .equals(List.of(headings));
            } else if (wanted && !line.matches("[|: -]+")) {
                rows.add(cells);
            }
        }
        return rows;
    }

    /** The words between backticks, in their order. */
    static List<String> codeWords(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static List<String> cells(String line) {
        String inside = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
        return Arrays.stream(inside.split("\\|", -1)).map(String::strip).toList();
    }
}
