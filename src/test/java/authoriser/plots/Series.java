package authoriser.plots;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Points with one name, which a line joins. */
record Series(String name, List<Point> points) {

    record Point(double x, double y) {}

    /**
     * Reads CSV whose columns are name, x and y, with a line of heads. Names have no comma.
     *
     * @throws IllegalArgumentException if a line is none such
     */
    static List<Series> read(String csv) {
        Map<String, List<Point>> points = new LinkedHashMap<>();
        for (String line : csv.lines().skip(1).toList()) {
            String[] cells = line.split(",", -1);
            if (cells.length != 3) {
                throw new IllegalArgumentException("Not three columns: " + line);
            }
            points.computeIfAbsent(cells[0], _ -> new ArrayList<>())
                    .add(new Point(Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
        }
        return points.entrySet().stream()
                .map(series -> new Series(series.getKey(), List.copyOf(series.getValue())))
                .toList();
    }
}
