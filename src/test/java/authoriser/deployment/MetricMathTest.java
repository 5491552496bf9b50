package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.deployment.MetricMath.Gaps;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricMathTest {
    private static final List<String> IDS = List.of("some", "all", "gap");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    100 * (some - 1) / all           | 10  | 10
                    some - gap                       | 3   | NaN
                    gap / all                        | 0   | NaN
                    some / gap                       | NaN | NaN
                    some - FILL(gap, 0)              | 3   | NaN
                    IF(all >= 20, 100 * some, 0)     | 300 | 300
                    IF(all >= 21, 100 * some, 0)     | 0   | 0
                    gap * 2                          | NaN | NaN
                    """)
    void gapsAre0OrMakeTheResultMissing(String expression, double asZero, double missing) {
        double[] values = {3, 20, Double.NaN};

        assertEquals(asZero, MetricMath.parse(expression, IDS, Gaps.ZERO).at(values));
        assertEquals(missing, MetricMath.parse(expression, IDS, Gaps.MISSING).at(values));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "some all", "(some", "SUM(some)", "some; all"})
    void anUnsupportedExpressionIsAnError(String expression) {
        assertThrows(
                IllegalArgumentException.class, () -> MetricMath.parse(expression, IDS, Gaps.ZERO));
    }
}
