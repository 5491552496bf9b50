package authoriser;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figure of each round for one measure. */
record Figures(List<Double> values) {

    static <T> Figures of(List<T> rounds, ToDoubleFunction<T> measure) {
        return new Figures(rounds.stream().map(measure::applyAsDouble).toList());
    }

    /** The ratio to another measure, round by round. */
    Figures over(Figures base) {
        Double[] ratios = new Double[values.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values.get(i) / base.values.get(i);
        }
        return new Figures(List.of(ratios));
    }

    double median() {
        return percentile(50);
    }

    /** The value that so many per cent are at or below; between two values, their mean. */
    double percentile(double percent) {
        List<Double> sorted = values.stream().sorted().toList();
        double rank = percent / 100 * sorted.size();
        int below = Math.clamp((int) Math.ceil(rank) - 1, 0, sorted.size() - 1);
        int above = Math.clamp((int) Math.floor(rank), 0, sorted.size() - 1);
        return (sorted.get(below) + sorted.get(above)) / 2;
    }

    /** The median, and the least and the most: {@code 1.25 [1.20-1.31]}. */
    String text(int digits) {
        List<Double> sorted = values.stream().sorted().toList();
        String number = "%." + digits + "f";
        return String.format(
                Locale.ROOT,
                number + " [" + number + "-" + number + "]",
                median(),
                sorted.getFirst(),
                sorted.getLast());
    }
}
