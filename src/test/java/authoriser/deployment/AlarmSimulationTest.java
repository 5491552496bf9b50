package authoriser.deployment;

import static authoriser.deployment.Parameters.LEAST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.AlarmSimulation.Delay;
import authoriser.deployment.MetricMath.Gaps;
import authoriser.deployment.SimulatedTraffic.Kind;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The alarms of the template in simulated traffic. Writes {@code target/alarms.md}. */
class AlarmSimulationTest {
    @SuppressWarnings("unused") // named in annotations
    private static final List<Integer> RATES = AlarmSimulation.RATES;

    private static final Path TABLE = Path.of("target", "alarms.md");

    /** The cause of each alarm. */
    private static final Map<String, Kind> CAUSES = new LinkedHashMap<>();

    static {
        CAUSES.put("undecided", Kind.UNDECIDED);
        CAUSES.put("refused", Kind.REFUSED);
        CAUSES.put("silent", Kind.SILENT);
        CAUSES.put("failing", Kind.SILENT);
        CAUSES.put("latency", Kind.SLOW);
        CAUSES.put("throttled", Kind.THROTTLED);
        CAUSES.put("keys", Kind.OLD_KEYS);
        CAUSES.put("server-errors", Kind.NOT_INVOKED);
    }

    private final Stack stack;
    private final AlarmSimulation simulation;

    AlarmSimulationTest() throws IOException {
        stack = Template.read(Path.of("template.yaml")).deployed(LEAST);
        simulation = new AlarmSimulation(stack, Gaps.ZERO);
    }

    @Test
    void guideHasTheResultsOfTheSimulation() throws IOException {
        String table = table();
        Files.writeString(TABLE, table);

        assertTrue(
                Files.readString(Path.of("src/docs/operations.md")).contains(table),
                () -> TABLE + " belongs into the guide:\n" + table);
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void aUsualDayRaisesNoAlarm(int rate) {
        simulation
                .onAUsualDay(rate)
                .forEach((alarm, days) ->
                        assertTrue(days <= 0.01, alarm + " on " + days + " of all days"));
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void anOutageRaisesNoOtherAlarm(int rate) {
        Map<String, Double> raised = simulation.inAnHourOf(Kind.UNDECIDED, rate);

        for (String other : List.of("silent", "refused", "throttled", "keys")) {
            assertEquals(0, raised.get(other), other);
        }
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void invalidTokensWithStatus401RaiseNoAlarmForMissingDecisions(int rate) {
        assertEquals(0, simulation.inAnHourOf(Kind.UNAUTHORIZED, rate).get("silent"));
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void eachCauseRaisesItsAlarmWithin25Minutes(int rate) {
        CAUSES.forEach((alarm, kind) -> {
            Delay delay = simulation.delayOf(alarm, Map.of(kind, 1.0), rate);

            assertTrue(delay.late() <= 25, alarm + " after " + delay);
        });
    }

    /** AWS does not state whether FILL fills a metric that has no values. */
    @ParameterizedTest
    @FieldSource("RATES")
    void aFunctionWithoutLogLinesRaisesAnAlarmForEachReadingOfGaps(int rate) {
        var doubted = new AlarmSimulation(stack, Gaps.MISSING);

        assertTrue(doubted.delayOf("failing", Map.of(Kind.SILENT, 1.0), rate).late() <= 16);
    }

    /** The simulation must find the error that it is made to exclude. */
    @Test
    void anAlarmOfOneMinuteWithATimestampAtTheEndConfusesAnOutageWithMissingDecisions() {
        ObjectNode alarm = (ObjectNode) stack.resource("SilentAlarm").properties();
        alarm.put("EvaluationPeriods", 3).put("DatapointsToAlarm", 2);
        alarm.path("Metrics")
                .findParents("Period")
                .forEach(stat -> ((ObjectNode) stat).put("Period", 60));
        ((ObjectNode) alarm.at("/Metrics/0"))
                .put("Expression", "100 * (errors - FILL(thrown, 0)) / invocations");

        var former = new AlarmSimulation(stack, Gaps.ZERO, 2.1);

        assertTrue(former.inAnHourOf(Kind.UNDECIDED, 60).get("silent") > 0.9);
    }

    private String table() {
        StringBuilder table =
                new StringBuilder(
                        """
                        | alarm | without a cause, % of all days at 1, 6, 60, 6,000 | minutes at 1 | at 6 | at 60 | at 6,000 |
                        | --- | --- | --- | --- | --- | --- |
                        """);
        List<Map<String, Double>> days =
                AlarmSimulation.RATES.stream().map(simulation::onAUsualDay).toList();
        CAUSES.forEach((alarm, kind) -> {
            List<String> shares =
                    days.stream().map(day -> rounded(100 * day.get(alarm), "%.2f")).toList();
            table.append("| ").append(alarm).append(" | ").append(String.join(", ", shares));
            for (int rate : AlarmSimulation.RATES) {
                Delay delay = simulation.delayOf(alarm, Map.of(kind, 1.0), rate);
                table.append(" | ")
                        .append(rounded(delay.median(), "%.0f"))
                        .append(" (")
                        .append(rounded(delay.late(), "%.0f"))
                        .append(')');
            }
            table.append(" |\n");
        });
        return table.toString();
    }

    private static String rounded(double value, String format) {
        return String.format(Locale.ROOT, format, value);
    }
}
