package authoriser.deployment;

import static authoriser.deployment.Parameters.LEAST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.decision.Decision;
import authoriser.decision.Outcome;
import authoriser.event.Requests;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.telemetry.TelemetryLine;
import authoriser.time.Deadline;
import authoriser.token.VerifiedTokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The script that computes the tables of the page on cost. */
class CostTest {
    private static final Path SCRIPT = Path.of("src/docs/cost");

    private final String script;

    CostTest() throws IOException {
        script = Files.readString(SCRIPT);
    }

    @Test
    void thePageHasTheTablesThatTheScriptPrints() throws Exception {
        Process run = new ProcessBuilder("sh", SCRIPT.toString()).redirectErrorStream(true).start();
        String printed = new String(run.getInputStream().readAllBytes(), UTF_8);
        String page = Pages.read("cost.md");

        assertEquals(0, run.waitFor(), printed);
        for (String table : printed.split("\n\n")) {
            assertTrue(page.contains(table.strip() + "\n\n"), () -> "not in cost.md:\n" + table);
        }
    }

    @Test
    void eachMetricThatTheAlarmsReadIsCounted() throws IOException {
        int read = 0;
        Stack stack = Template.read(Path.of("template.yaml")).deployed(LEAST);
        for (Stack.Resource alarm : stack.ofType("AWS::CloudWatch::Alarm")) {
            if (alarm.has("/Metrics")) {
                for (JsonNode query : alarm.at("/Metrics")) {
                    read += query.has("MetricStat") ? 1 : 0;
                }
            } else {
                read++;
            }
        }

        assertEquals(read, value("ALARM_METRICS"));
    }

    @Test
    void eachMetricThatTheCodeMayWriteIsCounted() {
        List<String> others =
                List.of(
                        "DecisionLatency",
                        "ValidationLatency",
                        "ColdStart",
                        "KeyAge",
                        "Thrown",
                        "Refused");
        int written = Outcome.values().length + Reason.values().length + others.size();

        assertTrue(written <= value("METRICS") && value("METRICS") <= written + 2, written + "");
    }

    @Test
    void linesHaveAboutTheAssumedLength() throws IOException {
        Invocation invocation =
                new Invocation(
                        Deadline.in(Duration.ofSeconds(1), InstantSource.system()),
                        Optional.of(
                                "Root=1-69a1c2d3-4b5c6d7e8f90a1b2c3d4e5f6;Parent=53995c3f42cd8ad8"
                                        + ";Sampled=0;Lineage=1:d9c9f0d5:0"));
        invocation.spent(Invocation.Stage.VALIDATION, System.nanoTime() - 12_500_000);
        byte[] line =
                new TelemetryLine(
                                "authoriser",
                                "12",
                                new Config.Logging(1, Set.of(), 0),
                                Optional::empty)
                        .write(
                                new Decision.Allow(
                                        VerifiedTokens.user(List.of("orders/read"), List.of()),
                                        Map.of()),
                                Optional.of(
                                        Requests.withId("41b45ea3-70b5-11e6-b7bd-69b5aaebc7d9")),
                                invocation,
                                "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
                                false,
                                false);

        assertEquals(1, (double) line.length / value("LINE_BYTES"), 0.03, line.length + " bytes");
    }

    /** The default value of a variable of the script. */
    private int value(String name) {
        var found = Pattern.compile("\\$\\{" + name + ":=(\\d+)}").matcher(script);
        assertTrue(found.find(), name);
        return Integer.parseInt(found.group(1));
    }
}
