package authoriser.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An axis of a plot.
 *
 * @param label what it shows, with its unit
 * @param log whether equal distances are equal ratios
 * @param ticks the values with a line and a number; the first and the last are the ends
 */
record Axis(String label, boolean log, List<Double> ticks) {

    static Axis linear(String label, double... ticks) {
        return new Axis(label, false, list(ticks));
    }

    static Axis log(String label, double... ticks) {
        return new Axis(label, true, list(ticks));
    }

    private static List<Double> list(double... ticks) {
        return Arrays.stream(ticks).boxed().toList();
    }

    /**
     * This axis, or a longer one on which every value is. A linear axis begins at its first tick.
     */
    Axis covering(List<Double> values) {
        List<Double> longer = new ArrayList<>(ticks);
        for (double value : values) {
            while (value > longer.getLast()) {
                if (log) {
                    longer.addLast(next(longer.getLast()));
                } else {
                    longer.replaceAll(tick -> 2 * tick);
                }
            }
            while (log && value > 0 && value < longer.getFirst()) {
                longer.addFirst(longer.getFirst() / 10);
            }
        }
        return new Axis(label, log, List.copyOf(longer));
    }

    /** The value after this one in 1, 2, 5, 10, 20 and so on. */
    private static double next(double tick) {
        double digit = tick / Math.pow(10, Math.floor(Math.log10(tick) + 1e-9));
        return digit > 1.5 && digit < 2.5 ? tick * 2.5 : tick * 2;
    }

    boolean contains(double value) {
        return value >= ticks.getFirst() && value <= ticks.getLast();
    }

    /** Where a value is: 0 at the first tick, 1 at the last. */
    double position(double value) {
        double from = scale(ticks.getFirst());
        return (scale(value) - from) / (scale(ticks.getLast()) - from);
    }

    private double scale(double value) {
        return log ? Math.log10(value) : value;
    }
}
