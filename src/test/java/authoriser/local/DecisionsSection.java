package authoriser.local;

import authoriser.config.Setting;
import authoriser.explain.Check;
import authoriser.local.Decisions.Entry;
import authoriser.local.RestApi.DecidedBy;
import authoriser.reason.Reason;
import authoriser.standin.PolicyEvaluator;
import authoriser.standin.PolicyEvaluator.InvalidPolicy;
import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the last decisions: each with its checks, its policy, and what that allows. */
final class DecisionsSection {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final LocalSettings settings;
    private final Decisions decisions;
    private final InstantSource clock;

    DecisionsSection(LocalSettings settings, Decisions decisions, InstantSource clock) {
        this.settings = settings;
        this.decisions = decisions;
        this.clock = clock;
    }

    /**
     * Writes the section.
     *
     * @param sampleRoutes routes that are shown beside those of the settings and of the requests
     */
    void write(Html html, List<String> sampleRoutes) {
        List<Entry> entries = decisions.newestFirst();
        Set<String> routes = new LinkedHashSet<>(sampleRoutes);
        routes.addAll(rules(Setting.SCOPE_RULES));
        routes.addAll(rules(Setting.GROUP_RULES));
        entries.stream()
                .map(Entry::request)
                .filter(request -> !request.startsWith("OPTIONS "))
                .forEach(routes::add);

        html.open("section", "id", "decisions", "aria-labelledby", "decisions-title");
        html.element("h2", "Last decisions", "id", "decisions-title");
        if (entries.isEmpty()) {
            html.element("p", "There are none yet. Send a request to this gateway.");
        }
        for (Entry entry : entries) {
            write(html, entry, entries, routes);
        }
        html.close("section");
    }

    private void write(Html html, Entry entry, List<Entry> entries, Set<String> routes) {
        String number = Integer.toString(entry.number());
        html.open("details", "id", "d" + number);
        html.open("summary", "id", "s" + number);
        html.element("span", TIME.format(entry.time()));
        html.element("span", entry.request(), "class", "request");
        html.element("strong", Integer.toString(entry.status()), "class", colour(entry.status()));
        html.element("span", decisions.withReason(entry));
        html.element("span", entry.by());
        html.element("span", entry.milliseconds() + " ms");
        html.close("summary");
        switch (entry.passage().by()) {
            case FUNCTION -> reason(entry).ifPresent(reason -> explain(html, reason, entry));
            case CACHE -> fromCache(html, entry, entries);
            case GATEWAY ->
                    html.element("p", "API Gateway decided itself. It did not ask the function.");
        }
        html.open("div", "class", "columns").open("div");
        checks(html, entry);
        html.close("div").open("div");
        entry.passage()
                .answer()
                .ifPresent(answer -> {
                    policy(html, answer.policyDocument());
                    routes(html, answer, routes);
                });
        html.close("div").close("div");
        html.close("details");
    }

    private static void explain(Html html, Reason reason, Entry entry) {
        html.open("p").element("code", reason.code()).text(": " + reason.message()).close("p");
        String remedy = Check.remedy(reason);
        if (!remedy.isEmpty()) {
            html.element("p", remedy);
        } else if (entry.status() == 403) {
            html.element(
                    "p",
                    "The token must have a scope of the route in ScopeRules and a group of it in"
                            + " GroupRules.");
        }
    }

    private static void fromCache(Html html, Entry entry, List<Entry> entries) {
        html.open("p").text("API Gateway applied an answer from its cache. ");
        entries.stream()
                .filter(other -> other.passage().by() == DecidedBy.FUNCTION)
                .filter(other -> isOf(other, entry.passage().answer()))
                .findFirst()
                .ifPresent(origin ->
                        html.text("It is that of the ")
                                .element(
                                        "a",
                                        "request " + origin.request(),
                                        "href",
                                        "#d" + origin.number(),
                                        "id",
                                        "o" + entry.number())
                                .text("."));
        html.close("p");
    }

    @SuppressWarnings("ReferenceEquality") // Two equal answers are still two answers
    private static boolean isOf(Entry entry, Optional<AuthoriserAnswer> answer) {
        return entry.passage().answer().isPresent()
                && answer.isPresent()
                && entry.passage().answer().get() == answer.get();
    }

    /** The function's reason by its log line, or by its answer if the line was left out. */
    private Optional<Reason> reason(Entry entry) {
        Optional<String> code =
                decisions
                        .line(entry)
                        .map(line -> line.path("reason").asText())
                        .or(() ->
                                entry.passage()
                                        .answer()
                                        .map(answer ->
                                                answer.context()
                                                        .getOrDefault(
                                                                "reason", Reason.ALLOWED.code())));
        return code.flatMap(text ->
                Arrays.stream(Reason.values())
                        .filter(reason -> reason.code().equals(text))
                        .findFirst());
    }

    private void checks(Html html, Entry entry) {
        Optional<Reason> reason =
                entry.passage().by() == DecidedBy.FUNCTION ? reason(entry) : Optional.empty();
        boolean made = reason.isPresent() && reason.get() != Reason.INTERNAL_ERROR;
        Optional<JsonNode> line = decisions.line(entry);
        Optional<Check> failing =
                reason.flatMap(found ->
                        Check.failing(
                                found,
                                line.isPresent() && line.get().has("subject"),
                                line.isPresent() && line.get().has("ValidationLatency")));
        html.openTable("Checks", "Check", "Result");
        for (Check check : Check.values()) {
            boolean fails = failing.isPresent() && failing.get() == check;
            String result = fails ? "fail" : made ? "pass" : "not made";
            html.open("tr").element("th", check.title(), "scope", "row");
            html.element("td", result, "class", fails ? "bad" : made ? "good" : "quiet");
            html.close("tr");
            made &= !fails;
        }
        html.closeTable();
    }

    private static void policy(Html html, JsonNode document) {
        html.openTable("Policy", "Effect", "Resource", "Until");
        for (PolicyEvaluator.Line line : PolicyEvaluator.lines(document)) {
            html.row(line.effect(), line.resource(), line.until().isEmpty() ? "–" : line.until());
        }
        html.closeTable();
    }

    private void routes(Html html, AuthoriserAnswer answer, Set<String> routes) {
        Instant now = clock.instant();
        html.openTable("What the policy means for each route", "Route", "Result now");
        for (String route : routes) {
            String[] methodAndPath = route.split(" ", 2);
            String arn = RestEvent.methodArn(methodAndPath[0], methodAndPath[1]);
            String result;
            String colour = "bad";
            try {
                PolicyEvaluator.Verdict verdict = answer.verdict(arn, now);
                result =
                        switch (verdict) {
                            case ALLOW -> "allowed";
                            case EXPLICIT_DENY -> "denied";
                            case IMPLICIT_DENY -> "denied: no statement allows it";
                        };
                colour = verdict == PolicyEvaluator.Verdict.ALLOW ? "good" : "bad";
            } catch (InvalidPolicy e) {
                result = "the policy cannot be applied: " + e.getMessage();
            }
            html.open("tr").element("th", route, "scope", "row");
            html.element("td", result, "class", colour).close("tr");
        }
        html.closeTable();
    }

    /** The routes of a setting with rules. A method * is shown by the example of GET. */
    private List<String> rules(Setting setting) {
        List<String> routes = new ArrayList<>();
        String value = settings.value(setting);
        if (value.isEmpty()) {
            return routes;
        }
        try {
            TestJson.read(value.getBytes(StandardCharsets.UTF_8))
                    .fieldNames()
                    .forEachRemaining(route -> {
                        String[] methodAndPath = route.strip().split("\\s+", 2);
                        if (methodAndPath.length == 2) {
                            String method = methodAndPath[0].equals("*") ? "GET" : methodAndPath[0];
                            routes.add(method + " " + methodAndPath[1]);
                        }
                    });
        } catch (UncheckedIOException e) {
            // The function does not start with such a setting
        }
        return routes;
    }

    private static String colour(int status) {
        if (status < 400) {
            return "good";
        }
        return status < 500 ? "refused" : "bad";
    }
}
