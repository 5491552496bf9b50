package authoriser.plots;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The plots of the pages. Each is drawn from a CSV file, {@code NAME.csv} as {@code NAME.svg}. */
public enum Plot {
    COLD_STARTS(
            "cold-starts",
            "Time to the first Allow",
            Axis.linear("start to first Allow, ms", 0, 50, 100, 150, 200, 250, 300),
            Axis.linear("share of starts that took at most this long, %", 0, 25, 50, 75, 100)),
    FIRST_REQUESTS(
            "first-requests",
            "Requests of a new process",
            Axis.log("request of the process", 1, 10, 100, 1_000, 2_000),
            Axis.log("median time of a request, us", 100, 200, 500, 1_000, 2_000, 5_000, 10_000)),
    WARM_REQUESTS(
            "warm-requests",
            "Warm requests",
            Axis.log("one request of so many takes longer", 2, 10, 100, 1_000),
            Axis.log("time of a request, us", 100, 200, 500, 1_000, 2_000, 5_000, 10_000)),
    COST_BY_TRAFFIC(
            "cost-by-traffic",
            "Cost by traffic",
            Axis.log("requests a second", 1, 10, 100, 1_000, 10_000),
            Axis.log("USD a month", 0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000, 100_000)),
    COST_BY_TIME_TO_LIVE(
            "cost-by-time-to-live",
            "Cost by time to live",
            Axis.linear("ResultTtlSeconds, s", 0, 600, 1_200, 1_800, 2_400, 3_000, 3_600),
            Axis.log("USD for a million requests", 0.0001, 0.001, 0.01, 0.1, 1));

    private final String file;
    private final String title;
    private final Axis x;
    private final Axis y;

    Plot(String file, String title, Axis x, Axis y) {
        this.file = file;
        this.title = title;
        this.x = x;
        this.y = y;
    }

    /** The name of its files, without the ending. */
    public String file() {
        return file;
    }

    /** Draws what a CSV text has. */
    String draw(String csv) {
        List<Series> series = Series.read(csv);
        List<Series.Point> points =
                series.stream().flatMap(line -> line.points().stream()).toList();
        return Drawing.of(
                title,
                x.covering(points.stream().map(Series.Point::x).toList()),
                y.covering(points.stream().map(Series.Point::y).toList()),
                series);
    }

    /** Draws the CSV file of the directory, beside it. */
    public void draw(Path directory) {
        try {
            Files.writeString(
                    directory.resolve(file + ".svg"),
                    draw(Files.readString(directory.resolve(file + ".csv"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the CSV file, whose first line is the heads, and draws it. */
    public void write(Path directory, List<String> lines) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(file + ".csv"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        draw(directory);
    }
}
