package authoriser.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plots in the pages are those of the data beside them. */
class PlotTest {
    private static final Path DIRECTORY = Path.of("src/docs/plots");
    private static final String HEADS = "line,x,y\n";
    private static final int LARGEST = 30_000;

    /** Those whose data is there. */
    static List<Plot> plots() {
        return Arrays.stream(Plot.values())
                .filter(plot -> Files.exists(DIRECTORY.resolve(plot.file() + ".csv")))
                .toList();
    }

    @Test
    void eachFileIsOfAPlot() throws IOException {
        Set<String> known = new TreeSet<>();
        plots().forEach(plot -> known.addAll(List.of(plot.file() + ".csv", plot.file() + ".svg")));
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertEquals(
                    known,
                    files.map(file -> file.getFileName().toString())
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @ParameterizedTest
    @MethodSource("plots")
    void thePlotIsThatOfTheDataBesideIt(Plot plot) throws IOException {
        assertEquals(
                plot.draw(read(plot, ".csv")),
                read(plot, ".svg"),
                "mvn -Pbench -Dbench=plots -Dplots=src/docs/plots draws it");
    }

    @Test
    void theCostByTrafficIsThatOfTheScript() throws IOException {
        assertEquals(
                CostScript.csv("traffic"), read(Plot.COST_BY_TRAFFIC, ".csv").lines().toList());
    }

    @Test
    void theCostByTimeToLiveIsThatOfTheScript() throws IOException {
        assertEquals(
                CostScript.csv("time-to-live"),
                read(Plot.COST_BY_TIME_TO_LIVE, ".csv").lines().toList());
    }

    @ParameterizedTest
    @MethodSource("plots")
    void thePlotIsASmallDocumentThatFetchesNothing(Plot plot) throws Exception {
        String svg = read(plot, ".svg");

        assertTrue(svg.length() < LARGEST, svg.length() + " characters");
        assertEquals(
                "svg",
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(DIRECTORY.resolve(plot.file() + ".svg").toFile())
                        .getDocumentElement()
                        .getTagName());
        assertFalse(
                svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", "")
                        .matches("(?s).*(href|url\\(|@import|://|<script).*"));
    }

    @ParameterizedTest
    @MethodSource("plots")
    void aPageShowsThePlotWithAnAlternativeTextAndItsData(Plot plot) throws IOException {
        String pages = page("performance.md") + page("cost.md");
        Pattern image =
                Pattern.compile(
                        "!\\[[^\\]]{40,}]\\(plots/" + Pattern.quote(plot.file()) + "\\.svg\\)");

        assertTrue(image.matcher(pages).find(), plot.file());
        assertTrue(pages.contains("(plots/" + plot.file() + ".csv)"), plot.file());
    }

    @ParameterizedTest
    @MethodSource("plots")
    void thePlotHasColoursForLightAndDark(Plot plot) throws IOException {
        String svg = read(plot, ".svg");
        int dark = svg.indexOf("@media (prefers-color-scheme: dark)");

        assertTrue(dark > 0);
        assertTrue(svg.indexOf("--back: #ffffff") < dark && svg.indexOf("--back: #0d1117") > dark);
    }

    @Test
    void equalRatiosAreEqualDistancesOnALogarithmicAxis() {
        Axis axis = Axis.log("ms", 1, 10, 100);

        assertEquals(List.of(0.0, 0.5, 1.0), axis.ticks().stream().map(axis::position).toList());
    }

    @Test
    void aLinearAxisHasRoomForTheLargestValue() {
        Axis axis = Axis.linear("ms", 0, 50, 100).covering(List.of(10.0, 350.0));

        assertEquals(List.of(0.0, 200.0, 400.0), axis.ticks());
    }

    @Test
    void aLogarithmicAxisHasRoomForTheLeastAndTheLargestValue() {
        Axis axis = Axis.log("us", 100, 200, 500).covering(List.of(90.0, 2_000.0));

        assertEquals(List.of(10.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0), axis.ticks());
    }

    @Test
    void aPointOutsideTheAxesIsNotDrawn() {
        var refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Plot.COST_BY_TRAFFIC.draw(HEADS + "a,1,0\n"));

        assertTrue(refusal.getMessage().startsWith("a is outside: "), refusal.getMessage());
    }

    @Test
    void aLineWithoutThreeColumnsIsNotRead() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Plot.COST_BY_TRAFFIC.draw(HEADS + "a, b,1,2\n"));
    }

    @Test
    void aNameIsEscaped() {
        String svg = Plot.COST_BY_TRAFFIC.draw(HEADS + "a<b & c,1,1\n");

        assertTrue(svg.contains(">a&lt;b &amp; c</text>"), svg);
    }

    private static String read(Plot plot, String ending) throws IOException {
        return Files.readString(DIRECTORY.resolve(plot.file() + ending));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("src/docs").resolve(name));
    }
}
