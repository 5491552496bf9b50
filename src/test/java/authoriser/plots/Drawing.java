package authoriser.plots;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Draws lines as SVG, in the colours that the reader's system prefers, light or dark. A line also
 * has its own mark, for who cannot tell the colours apart.
 */
final class Drawing {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 76;
    private static final int RIGHT = 520;
    private static final int TOP = 48;
    private static final int BOTTOM = 360;

    private static final int LEGEND = RIGHT + 24;
    private static final int LEGEND_STEP = 24;

    /** The most marks on a line. */
    private static final int MARKS = 12;

    /** The outline of each mark, from its middle. */
    private static final List<String> MARK_PATHS =
            List.of(
                    "m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
                    "m-3.5,-3.5h7v7h-7z",
                    "m0,-4.5l4.5,8h-9z",
                    "m0,-5l5,5l-5,5l-5,-5z",
                    "m0,4.5l4.5,-8h-9z",
                    "m-4,-1.5h8v3h-8z");

    /** Light and dark, for each line. They keep a contrast of 3 to 1 with the background. */
    private static final List<String> LIGHT =
            List.of("#0067a5", "#b84a00", "#00734f", "#a0457f", "#5a5a5a", "#6b5b00");

    private static final List<String> DARK =
            List.of("#5cb8f0", "#f0a050", "#3cc99a", "#e79ac6", "#b8b8b8", "#d8c860");

    private final StringBuilder svg = new StringBuilder();
    private final Axis x;
    private final Axis y;

    private Drawing(Axis x, Axis y) {
        this.x = x;
        this.y = y;
    }

    /**
     * Draws.
     *
     * @throws IllegalArgumentException if a point is outside the axes, or there are too many lines
     */
    static String of(String title, Axis x, Axis y, List<Series> series) {
        return new Drawing(x, y).draw(title, series);
    }

    private String draw(String title, List<Series> series) {
        if (series.size() > LIGHT.size()) {
            throw new IllegalArgumentException("Too many lines: " + series.size());
        }
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-labelledby=\"title description\">",
                WIDTH, HEIGHT);
        line("<title id=\"title\">%s</title>", escaped(title));
        line(
                "<desc id=\"description\">%s against %s: %s</desc>",
                escaped(y.label()),
                escaped(x.label()),
                escaped(series.stream().map(Series::name).collect(Collectors.joining("; "))));
        style(series.size());
        line("<rect class=\"back\" width=\"%d\" height=\"%d\"/>", WIDTH, HEIGHT);
        line("<text class=\"title\" x=\"%d\" y=\"28\">%s</text>", LEFT, escaped(title));
        axes();
        for (int i = 0; i < series.size(); i++) {
            series(i, series.get(i));
        }
        line("</svg>");
        return svg.toString();
    }

    private void style(int lines) {
        line("<style>");
        line("text { font: 13px sans-serif; fill: var(--text); }");
        line(".title { font-size: 16px; font-weight: bold; }");
        line(".middle { text-anchor: middle; } .end { text-anchor: end; }");
        line(".back { fill: var(--back); } .grid { stroke: var(--grid); fill: none; }");
        line(".line { fill: none; stroke-width: 2; stroke-linejoin: round; }");
        for (int i = 0; i < lines; i++) {
            line(".l%d { stroke: var(--c%d); } .m%d { fill: var(--c%d); }", i, i, i, i);
        }
        line("svg { --back: #ffffff; --text: #1f2328; --grid: #d8dce0;%s }", colours(LIGHT, lines));
        line("@media (prefers-color-scheme: dark) {");
        line("svg { --back: #0d1117; --text: #e6edf3; --grid: #30363d;%s }", colours(DARK, lines));
        line("}");
        line("</style>");
    }

    private static String colours(List<String> colours, int lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(" --c").append(i).append(": ").append(colours.get(i)).append(';');
        }
        return text.toString();
    }

    private void axes() {
        for (double tick : x.ticks()) {
            String at = number(left(tick));
            line("<path class=\"grid\" d=\"M%s,%dV%d\"/>", at, TOP, BOTTOM);
            line(
                    "<text class=\"middle\" x=\"%s\" y=\"%d\">%s</text>",
                    at, BOTTOM + 20, label(tick));
        }
        for (double tick : y.ticks()) {
            String at = number(top(tick));
            line("<path class=\"grid\" d=\"M%d,%sH%d\"/>", LEFT, at, RIGHT);
            line(
                    "<text class=\"end\" x=\"%d\" y=\"%s\">%s</text>",
                    LEFT - 8, number(top(tick) + 4), label(tick));
        }
        line(
                "<text class=\"middle\" x=\"%d\" y=\"%d\">%s</text>",
                (LEFT + RIGHT) / 2, BOTTOM + 44, escaped(x.label()));
        line(
                "<text class=\"middle\" transform=\"translate(18 %d) rotate(-90)\">%s</text>",
                (TOP + BOTTOM) / 2, escaped(y.label()));
    }

    private void series(int index, Series series) {
        List<String> path = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        int step = Math.ceilDiv(series.points().size(), MARKS);
        for (int i = 0; i < series.points().size(); i++) {
            Series.Point point = series.points().get(i);
            if (!x.contains(point.x()) || !y.contains(point.y())) {
                throw new IllegalArgumentException(series.name() + " is outside: " + point);
            }
            String at = number(left(point.x())) + "," + number(top(point.y()));
            path.add(at);
            if (i % step == 0) {
                marks.add(mark(index, at));
            }
        }
        line("<path class=\"line l%d\" d=\"M%s\"/>", index, String.join("L", path));
        line("<path class=\"m%d\" d=\"%s\"/>", index, String.join("", marks));
        int top = TOP + 12 + index * LEGEND_STEP;
        line("<path class=\"line l%d\" d=\"M%d,%dh28\"/>", index, LEGEND, top);
        line("<path class=\"m%d\" d=\"%s\"/>", index, mark(index, LEGEND + 14 + "," + top));
        line("<text x=\"%d\" y=\"%d\">%s</text>", LEGEND + 36, top + 4, escaped(series.name()));
    }

    private static String mark(int index, String at) {
        return "M" + at + MARK_PATHS.get(index);
    }

    private double left(double value) {
        return LEFT + x.position(value) * (RIGHT - LEFT);
    }

    private double top(double value) {
        return BOTTOM - y.position(value) * (BOTTOM - TOP);
    }

    /** Like 10,000 or 0.001. */
    private static String label(double tick) {
        return tick >= 1_000 ? String.format(Locale.ROOT, "%,d", (long) tick) : number(tick, 6);
    }

    private static String number(double value) {
        return number(value, 1);
    }

    private static String number(double value, int digits) {
        return BigDecimal.valueOf(value)
                .setScale(digits, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void line(String text, Object... values) {
        svg.append(text.formatted(values)).append('\n');
    }
}
