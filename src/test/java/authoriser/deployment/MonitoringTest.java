package authoriser.deployment;

import static authoriser.deployment.Parameters.EXISTING_API;
import static authoriser.deployment.Parameters.LEAST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.decision.Decision;
import authoriser.decision.Outcome;
import authoriser.deployment.Stack.Resource;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.ExecuteApiArn;
import authoriser.event.Headers;
import authoriser.event.Requests;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.telemetry.TelemetryLine;
import authoriser.time.Deadline;
import authoriser.token.BearerToken;
import authoriser.token.OverdueKeys;
import authoriser.token.VerifiedTokens;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the alarms, the dashboard and the operations guide with the log lines of the code. */
class MonitoringTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GUIDE = Path.of("src/docs/operations.md");

    /** Words of the query language of Logs Insights that are not fields. */
    private static final Set<String> QUERY_WORDS =
            Set.of(
                    "filter",
                    "stats",
                    "by",
                    "sort",
                    "desc",
                    "limit",
                    "fields",
                    "as",
                    "in",
                    "like",
                    "count",
                    "pct",
                    "bin",
                    "ispresent",
                    "max",
                    "avg",
                    "or",
                    // fields of the report lines of Lambda
                    "type",
                    "record.metrics.maxMemoryUsedMB");

    private final Template template;
    private final String guide;

    MonitoringTest() throws IOException {
        template = Template.read(Path.of("template.yaml"));
        guide = Files.readString(GUIDE);
    }

    @Test
    void alarmsAndDashboardNameMetricsThatTheCodeWrites() throws IOException {
        Set<String> written = metricsWritten();
        Set<String> asked = new TreeSet<>();
        Stack stack = template.deployed(LEAST);
        for (Resource alarm : stack.ofType("AWS::CloudWatch::Alarm")) {
            if (alarm.has("/Metrics")) {
                for (JsonNode part : alarm.at("/Metrics")) {
                    collect(part.at("/MetricStat/Metric"), asked::add);
                }
            } else {
                collect(alarm.properties(), asked::add);
            }
        }
        for (JsonNode widget : dashboard(stack).path("widgets")) {
            List<JsonNode> above = List.of();
            for (JsonNode metric : widget.at("/properties/metrics")) {
                above = writtenOut(metric, above);
                collect(JSON.valueToTree(above), asked::add);
            }
        }

        assertFalse(asked.isEmpty());
        assertEquals(Set.of(), difference(asked, written), "written are " + written);
    }

    @Test
    void alarmsUseTheirMetricsInTheirExpressions() {
        for (Resource alarm : template.deployed(LEAST).ofType("AWS::CloudWatch::Alarm")) {
            if (alarm.has("/Metrics")) {
                Set<String> ids = new HashSet<>();
                alarm.at("/Metrics").forEach(part -> ids.add(part.path("Id").asText()));
                Set<String> words =
                        new TreeSet<>(
                                List.of(
                                        alarm.at("/Metrics/0/Expression")
                                                .asText()
                                                .split("[^a-z]+")));
                words.remove("");
                ids.remove(alarm.at("/Metrics/0/Id").asText());

                assertEquals(words, ids);
            }
        }
    }

    /** The code counts the errors that it throws, so the setting does not matter. */
    @ParameterizedTest
    @ValueSource(strings = {"deny", "unauthorized"})
    void thrownErrorsAreNotCountedAsCrashes(String invalidToken) {
        Resource alarm =
                template.deployed(LEAST, Map.of("InvalidTokenResponse", invalidToken))
                        .resource("SilentAlarm");

        assertEquals(
                "100 * (errors - FILL(thrown, 0) - 1) / invocations",
                alarm.at("/Metrics/0/Expression").asText());
    }

    @Test
    void alarmOfTheStageExistsIfTheStageIsKnown() {
        Map<String, String> named = new HashMap<>(EXISTING_API);
        named.putAll(Map.of("ExistingRestApiName", "orders", "StageName", "prod"));

        assertEquals(
                List.of("authoriser-example", "live"),
                stageWatched(template.deployed(LEAST)).orElseThrow());
        assertEquals(
                List.of("orders", "prod"),
                stageWatched(template.deployed(LEAST, named)).orElseThrow());
        assertEquals(Optional.empty(), stageWatched(template.deployed(LEAST, EXISTING_API)));
    }

    private static Optional<List<String>> stageWatched(Stack stack) {
        return stack.ofType("AWS::CloudWatch::Alarm").stream()
                .filter(alarm -> alarm.at("/AlarmName").asText().endsWith("-server-errors"))
                .map(alarm ->
                        alarm.at("/Metrics/1/MetricStat/Metric/Dimensions")
                                .findValuesAsText("Value"))
                .findAny();
    }

    @Test
    void alarmsNotifyTheTopic() {
        String topic = "arn:aws:sns:eu-west-1:123456789012:pager";
        Stack silent = template.deployed(LEAST);
        Stack telling = template.deployed(LEAST, Map.of("AlarmTopicArn", topic));

        for (Resource alarm : silent.ofType("AWS::CloudWatch::Alarm")) {
            assertTrue(alarm.at("/AlarmActions").isEmpty());
        }
        for (Resource alarm : telling.ofType("AWS::CloudWatch::Alarm")) {
            assertEquals(topic, alarm.at("/AlarmActions/0").asText());
        }
    }

    @Test
    void alarmsLinkToTheirSectionOfTheGuide() {
        Stack stack = template.deployed(LEAST, Map.of("RunbookUrl", "https://example.com/guide#"));

        for (Resource alarm : stack.ofType("AWS::CloudWatch::Alarm")) {
            String section = alarm.at("/AlarmName").asText().replaceFirst("authoriser-", "");
            String description = alarm.at("/AlarmDescription").asText();
            assertTrue(
                    description.endsWith(" See https://example.com/guide#" + section), description);
            assertTrue(guide.contains("\n### " + section + "\n"), section);
        }
    }

    @Test
    void dashboardShowsTheStateOfEachAlarm() throws IOException {
        for (Map<String, String> api : List.of(Map.<String, String>of(), EXISTING_API)) {
            Stack stack = template.deployed(LEAST, api);
            Set<String> alarms = new TreeSet<>();
            stack.resources()
                    .forEach((id, resource) -> {
                        if (resource.type().equals("AWS::CloudWatch::Alarm")) {
                            alarms.add(id + ".Arn");
                        }
                    });

            assertEquals(alarms, texts(dashboard(stack).at("/widgets/0/properties/alarms")));
        }
    }

    @Test
    void dashboardShowsTheStageIfItIsKnown() throws IOException {
        Set<String> titles = titles(template.deployed(LEAST));
        Set<String> withoutStage = titles(template.deployed(LEAST, EXISTING_API));

        assertEquals(Set.of("4XX and 5XX of the API"), difference(titles, withoutStage));
    }

    private static Set<String> titles(Stack stack) throws IOException {
        return new TreeSet<>(dashboard(stack).findValuesAsText("title"));
    }

    @Test
    void dashboardQueriesFieldsThatTheCodeWrites() throws IOException {
        List<String> queries = dashboard(template.deployed(LEAST)).findValuesAsText("query");
        Set<String> written = written();
        written.addAll(QUERY_WORDS);

        assertEquals(2, queries.size());
        for (String query : queries) {
            String source = "SOURCE 'AuthoriserLogGroup' | ";
            assertTrue(query.startsWith(source), query);
            assertEquals(
                    Set.of(), difference(words(query.substring(source.length())), written), query);
        }
    }

    @Test
    void guideExplainsEveryUndecidedReason() {
        Set<String> undecided =
                EnumSet.range(Reason.KEYS_UNAVAILABLE, Reason.INTERNAL_ERROR).stream()
                        .map(Reason::code)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(undecided, firstCells("reason"));
    }

    @Test
    void guideNamesTheMetricsThatTheCodeWrites() throws IOException {
        Set<String> written =
                metricsWritten().stream()
                        .map(metric -> metric.split(" ")[1])
                        .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(written, firstCells("metric"));
    }

    @Test
    void guideNamesTheFieldsThatTheCodeWrites() throws IOException {
        Set<String> written = written();
        written.removeAll(firstCells("metric"));
        written.remove("_aws");
        // only for a verified token, which this line does not have
        written.addAll(Set.of("subject", "clientId"));
        // only with LogAllowEvery
        written.add("skipped");

        assertEquals(written, firstCells("field"));
    }

    @Test
    void guideNamesTheMembersOfDebugThatTheCodeWrites() throws IOException {
        ExecuteApiArn stage =
                new ExecuteApiArn("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod");
        Decision allow =
                new Decision.Allow(VerifiedTokens.user(List.of(), List.of()), Map.of("a", "b"));
        Set<String> written = new TreeSet<>();
        for (AccessRequest request :
                List.of(
                        new AccessRequest(
                                stage,
                                new Credential.Bearer(new BearerToken("a.b.c")),
                                new Headers.Complete(Map.of("x", "y"))),
                        new AccessRequest(stage, new Credential.Absent(), new Headers.Missing("X")),
                        new AccessRequest(
                                stage, new Credential.Ambiguous(), new Headers.Ambiguous("X")))) {
            line(allow, request).path("debug").fieldNames().forEachRemaining(written::add);
        }

        assertEquals(written, firstCells("member of `debug`"));
    }

    @Test
    void guideQueriesFieldsThatTheCodeWrites() {
        Set<String> known = new HashSet<>(firstCells("field"));
        known.addAll(firstCells("metric"));
        known.addAll(QUERY_WORDS);
        List<String> queries =
                Pattern.compile("(?sm)^```(\\w*)\n(.*?)^```$")
                        .matcher(guide)
                        .results()
                        .filter(found -> found.group(1).isEmpty())
                        .map(found -> found.group(2))
                        .toList();

        assertFalse(queries.isEmpty());
        for (String query : queries) {
            assertEquals(Set.of(), difference(words(query), known), query);
        }
    }

    /** The words of a query that may be fields. */
    private static Set<String> words(String query) {
        return Pattern.compile("[A-Za-z][\\w.]*")
                .matcher(
                        query.replaceAll("'[^']*'", "")
                                .replaceAll("as \\w+", "")
                                .replaceAll("sort \\w+", "")
                                .replaceAll("@\\w+|\\d\\w*", ""))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> written() throws IOException {
        Set<String> written = new TreeSet<>();
        line().fieldNames().forEachRemaining(written::add);
        return written;
    }

    /** The code words in the first cells of the tables of the guide with such a first heading. */
    private Set<String> firstCells(String heading) {
        return Tables.firstCells(guide, Set.of(heading));
    }

    private static JsonNode dashboard(Stack stack) throws IOException {
        return JSON.readTree(stack.resource("Dashboard").at("/DashboardBody").asText());
    }

    /** A log line of an invocation that called the validation service. */
    private static JsonNode line() throws IOException {
        return line(
                new Decision.Undecided(
                        Optional.empty(), Reason.VALIDATION_UNAVAILABLE, "status 503"),
                Requests.withId("a-1"));
    }

    private static JsonNode line(Decision decision, AccessRequest request) throws IOException {
        var invocation =
                new Invocation(
                        Deadline.in(Duration.ofSeconds(1), InstantSource.system()),
                        Optional.of("Root=1-69a1c2d3-4b5c6d7e8f90a1b2c3d4e5f6"));
        invocation.spent(Invocation.Stage.VALIDATION, System.nanoTime() - 1_000_000);
        byte[] line =
                new TelemetryLine(
                                "authoriser",
                                "7",
                                new Config.Logging(1, Set.of(), 100),
                                () -> Optional.of(new OverdueKeys(7_200, "status 503")))
                        .write(decision, Optional.of(request), invocation, "r-1", true, true);
        return JSON.readTree(line);
    }

    /** Namespace, name and dimensions of the metrics of the code, with every outcome. */
    private static Set<String> metricsWritten() throws IOException {
        Set<String> written = new TreeSet<>();
        for (JsonNode directive : line().at("/_aws/CloudWatchMetrics")) {
            for (JsonNode metric : directive.path("Metrics")) {
                for (JsonNode dimensions : directive.path("Dimensions")) {
                    String name =
                            directive.path("Namespace").asText()
                                    + " "
                                    + metric.path("Name").asText();
                    if (texts(dimensions).equals(Set.of("outcome"))) {
                        for (Outcome outcome : Outcome.values()) {
                            written.add(name + " outcome=" + outcome.code());
                        }
                    } else if (dimensions.isEmpty()) {
                        written.add(name);
                    } else {
                        written.add(name + " by " + String.join(",", texts(dimensions)));
                    }
                }
            }
        }
        return written;
    }

    /** The metric of a widget, with "." and "..." replaced by the values of the metric above. */
    private static List<JsonNode> writtenOut(JsonNode metric, List<JsonNode> above) {
        List<JsonNode> names = above.stream().filter(JsonNode::isTextual).toList();
        List<JsonNode> out = new ArrayList<>();
        for (JsonNode part : metric) {
            switch (part.asText()) {
                case "." -> out.add(names.get(out.size()));
                case "..." ->
                        out.addAll(
                                names.subList(
                                        0, names.size() - (metric.path(1).isTextual() ? 1 : 0)));
                default -> out.add(part);
            }
        }
        return out;
    }

    /** The same for the metrics of an alarm or a widget, without the metrics of AWS. */
    private static void collect(JsonNode asked, Consumer<String> found) {
        if (asked.isObject() && !asked.path("Namespace").asText().startsWith("AWS/")) {
            StringBuilder name =
                    new StringBuilder(asked.path("Namespace").asText())
                            .append(' ')
                            .append(asked.path("MetricName").asText());
            for (JsonNode dimension : asked.path("Dimensions")) {
                name.append(' ')
                        .append(dimension.path("Name").asText())
                        .append('=')
                        .append(dimension.path("Value").asText());
            }
            found.accept(name.toString());
        } else if (asked.path(0).path("expression").asText().startsWith("SEARCH")) {
            var search =
                    Pattern.compile("SEARCH\\('\\{\"([^\"]+)\",([^}]+)} MetricName=\"(\\w+)\"', .*")
                            .matcher(asked.path(0).path("expression").asText());
            assertTrue(search.matches(), asked.toString());
            found.accept(search.group(1) + " " + search.group(3) + " by " + search.group(2));
        } else if (asked.path(0).isTextual() && !asked.path(0).asText().startsWith("AWS/")) {
            StringBuilder name =
                    new StringBuilder(asked.path(0).asText())
                            .append(' ')
                            .append(asked.path(1).asText());
            for (int i = 2; asked.path(i).isTextual(); i += 2) {
                name.append(' ')
                        .append(asked.path(i).asText())
                        .append('=')
                        .append(asked.path(i + 1).asText());
            }
            found.accept(name.toString());
        }
    }

    private static Set<String> difference(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
