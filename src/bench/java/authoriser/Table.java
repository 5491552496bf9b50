package authoriser;

import java.util.ArrayList;
import java.util.List;

/** A table that is printed in Markdown. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    void print() {
        for (int i = 0; i < rows.size(); i++) {
            System.out.println(line(rows.get(i)));
            if (i == 0) {
                System.out.println(
                        "| --- |" + " ---: |".repeat(Math.max(0, rows.getFirst().size() - 1)));
            }
        }
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < cells.size(); i++) {
            int width = width(i);
            String padding = " ".repeat(width - cells.get(i).length());
            line.append(' ')
                    .append(i == 0 ? cells.get(i) + padding : padding + cells.get(i))
                    .append(" |");
        }
        return line.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
