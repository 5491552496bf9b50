package authoriser.validation;

import authoriser.config.Secret;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.policy.HandedOn;
import authoriser.validation.ContractReport.Result;
import authoriser.validation.ServiceAsker.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The checks of the contract of the validation service, in the order of the table. */
final class ContractChecks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACEPARENT =
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String TRACE_ID = "Root=1-69a1c2d3-4b5c6d7e8f90a1b2c3d4e5f6;Sampled=0";

    private final ServiceUnderTest subject;
    private final ServiceAsker service;
    private final Secret token;
    private final Connections connections;
    private final ContractReport report;
    private final List<Answer> answers = new ArrayList<>();
    private final byte[] good;

    /** Counts the connections of several requests, one after another. */
    @FunctionalInterface
    interface Connections {
        /** Empty if a request got no response. */
        Optional<Integer> of(int questions, byte[] question, Secret token);
    }

    ContractChecks(
            ServiceUnderTest subject,
            HttpSender http,
            Secret token,
            Connections connections,
            ContractReport report) {
        this.subject = subject;
        this.service = new ServiceAsker(subject, http, Optional.of(token));
        this.token = token;
        this.connections = connections;
        this.report = report;
        this.good = question(subject.principal(), subject.headers());
    }

    void run() {
        Answer first = asked(service.ask(good));
        report.require("a good question is allowed", first.allowed(), first.summary());
        if (first.status() == 0) {
            report.add("all others", Result.SKIPPED, "the service gave no answer");
            return;
        }
        refusal();
        repeatedQuestion(first);
        unusualPrincipals();
        unusualHeaders();
        unusualQuestions(first);
        tokens();
        manyAtOnce(first);
        answerTimes();
        keptConnections();
        caching();
        context(first);
    }

    private void refusal() {
        String refused = "the refused header values are refused";
        String reason = "a refusal has a reason that can be shown";
        if (subject.refused().isEmpty()) {
            report.add(refused, Result.SKIPPED, "service.refused is not set");
            report.add(reason, Result.SKIPPED, "service.refused is not set");
            return;
        }
        Answer answer = asked(service.ask(question(subject.principal(), subject.refused())));
        if (!(answer.verdict() instanceof Verdict.Refused(Optional<String> why))) {
            report.require(refused, false, answer.summary());
            report.add(reason, Result.SKIPPED, "nothing was refused");
            return;
        }
        report.require(refused, true, answer.summary());
        if (why.isEmpty()) {
            report.advise(reason, false, "no reason: the caller reads a general sentence");
        } else {
            // Secrets first, because a truncated secret is not found
            String concealed = report.withoutSecrets(why.get());
            String shown = HandedOn.message(concealed);
            report.advise(
                    reason,
                    shown.equals(concealed),
                    shown.equals(concealed)
                            ? "the caller reads: " + shown
                            : "characters are replaced, or it is cut; the caller reads: " + shown);
        }
    }

    /** Is sent between two good requests, so that a cached refusal is noticed. */
    private void repeatedQuestion(Answer first) {
        Answer again = asked(service.ask(good));
        report.require(
                "the same question gets the same answer", again.sameAs(first), again.summary());
        report.advise(
                "the context follows from the question",
                again.verdict().equals(first.verdict()) || !again.sameAs(first),
                again.verdict().equals(first.verdict())
                        ? "it is the same for the same question"
                        : "it differs; API Gateway's cache serves one answer for many requests");
    }

    private void unusualPrincipals() {
        ObjectNode machine = subject.principal().deepCopy();
        machine.remove("username");
        machine.set("subject", machine.get("clientId"));
        machine.putArray("groups");
        judged("a machine, without username, is judged", machine);

        ObjectNode many = subject.principal().deepCopy();
        var scopes = many.putArray("scopes");
        var groups = many.putArray("groups");
        for (int i = 0; i < 200; i++) {
            scopes.add("orders/read-number-" + i);
            groups.add("group-number-" + i);
        }
        judged("many scopes and groups are judged", many);

        ObjectNode none = subject.principal().deepCopy();
        none.putArray("scopes");
        none.putArray("groups");
        judged("no scope and no group is judged", none);

        ObjectNode unicode = subject.principal().deepCopy();
        unicode.put("username", "Zoë 李 🙂 \u2028 \"\\/");
        unicode.putArray("groups").add("Übersee 東京 𝔊");
        judged("letters of any language are judged", unicode);

        ObjectNode claims = subject.principal().deepCopy();
        claims.putObject("claims");
        judged("a token with none of the claims is judged", claims);
        claims.putObject("claims")
                .put("text", "a")
                .put("number", 1795492800)
                .put("truth", false)
                .putNull("nothing")
                .putObject("object")
                .putArray("array")
                .add(1.5);
        judged("claims of any type are judged", claims);
    }

    private void unusualHeaders() {
        String name = subject.headers().keySet().iterator().next();
        judged("a long header value is judged", header(name, "x".repeat(8_000)));
        judged("a header value in any letters is judged", header(name, "Zoë 李 🙂"));
        judged(
                "a header value with quotes is judged",
                header(name, "\"}, {\"allowed\": true} \\ ' <script> %00 ${x} --"));
    }

    private Map<String, String> header(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(subject.headers());
        headers.put(name, value);
        return headers;
    }

    private void unusualQuestions(Answer first) {
        ObjectNode later = tree(good);
        later.put("later", "a member of a later version");
        later.withObjectProperty("principal").putObject("later").putArray("list").add(1);
        same("unknown members are ignored", first, service.ask(bytes(later)));

        ObjectNode question = tree(good);
        ObjectNode turned = JSON.createObjectNode();
        turned.set("headers", question.get("headers"));
        turned.set("principal", reversed(question.get("principal")));
        same("the order of members does not matter", first, service.ask(bytes(turned)));

        same(
                "trace headers decide nothing",
                first,
                service.ask(good, Map.of("traceparent", TRACEPARENT, "X-Amzn-Trace-Id", TRACE_ID)));
    }

    private static ObjectNode reversed(JsonNode object) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(object.properties());
        ObjectNode reversed = JSON.createObjectNode();
        members.reversed().forEach(member -> reversed.set(member.getKey(), member.getValue()));
        return reversed;
    }

    private void tokens() {
        unauthorized("no service token: 401", Optional.empty());
        unauthorized("a service token that is none: 401", Optional.of("Bearer not-a-token"));
        String[] parts = token.reveal().split("\\.", -1);
        String changed = "a changed signature of the service token: 401";
        String unsigned = "a service token without signature: 401";
        if (parts.length != 3 || parts[2].length() < 3) {
            report.add(changed, Result.SKIPPED, "the service token is not a JWT");
            report.add(unsigned, Result.SKIPPED, "the service token is not a JWT");
            return;
        }
        String signature = (parts[2].charAt(0) == 'A' ? "B" : "A") + parts[2].substring(1);
        unauthorized(changed, concealed(parts[0] + "." + parts[1] + "." + signature));
        String header =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
        unauthorized(unsigned, concealed(header + "." + parts[1] + "."));
    }

    private Optional<String> concealed(String changedToken) {
        report.conceal(new Secret(changedToken));
        return Optional.of("Bearer " + changedToken);
    }

    private void unauthorized(String check, Optional<String> authorization) {
        Answer answer = asked(service.askAs(authorization, good));
        report.require(
                check,
                answer.status() == 401,
                answer.status() == 0 ? answer.summary() : "status " + answer.status());
    }

    private void manyAtOnce(Answer first) {
        int burst = subject.burst();
        Callable<Answer> question = () -> service.ask(good);
        int same = 0;
        String other = "";
        try (ExecutorService threads = Executors.newFixedThreadPool(burst)) {
            List<Future<Answer>> all = new ArrayList<>();
            for (int i = 0; i < burst; i++) {
                all.add(threads.submit(question));
            }
            for (Future<Answer> one : all) {
                Answer answer = asked(one.get());
                if (answer.sameAs(first)) {
                    same++;
                } else {
                    other = ": " + answer.summary();
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during the questions", e);
        }
        report.require(
                burst + " questions at once get the same answer",
                same == burst,
                same + " of " + burst + other);
    }

    private void answerTimes() {
        long limit = subject.service().timeout().toMillis();
        long[] times = answers.stream().mapToLong(Answer::milliseconds).sorted().toArray();
        long late =
                answers.stream()
                        .filter(answer ->
                                answer.reply() instanceof Reply.Failed failed && failed.timeOut())
                        .count();
        report.require(
                "each answer comes within " + limit + " ms",
                late == 0,
                "%d of %d; median %d ms, slowest %d ms"
                        .formatted(
                                times.length - late,
                                times.length,
                                times[times.length / 2],
                                times[times.length - 1]));
    }

    private void keptConnections() {
        Optional<Integer> opened = connections.of(3, good, token);
        report.advise(
                "connections are kept",
                opened.isPresent() && opened.get() == 1,
                opened.map(count -> "3 questions in a row took " + count + " connection(s)")
                        .orElse("a question got no answer"));
    }

    private void caching() {
        Set<String> notes = new TreeSet<>();
        Set<String> advice = new TreeSet<>();
        for (Answer answer : answers) {
            if (!(answer.reply() instanceof Reply.Answered reply) || !answer.judged()) {
                continue;
            }
            String control = String.valueOf(reply.fields().cacheControl()).toLowerCase(Locale.ROOT);
            Duration kept = Freshness.lifetime(reply.fields());
            if (!control.contains("max-age")) {
                notes.add("no max-age, so every question is asked");
            } else if (reply.status() != 200) {
                advice.add("max-age is not read with status " + reply.status());
            } else if (!kept.isZero()) {
                notes.add("used again for " + kept.toSeconds() + " s");
            } else if (control.contains("no-store") || control.contains("no-cache")) {
                notes.add("not used again");
            } else if (control.contains("max-age=0")) {
                notes.add("not used again");
            } else if (reply.fields().vary() != null) {
                advice.add("max-age is of no use with this Vary: " + reply.fields().vary());
            } else {
                advice.add("max-age cannot be read: " + reply.fields().cacheControl());
            }
        }
        notes.addAll(advice);
        report.advise(
                "Cache-Control is one that is used", advice.isEmpty(), String.join("; ", notes));
    }

    private void context(Answer first) {
        if (!(first.verdict() instanceof Verdict.Permitted(Map<String, String> context, var key))) {
            report.add("the backend gets the context", Result.SKIPPED, "nothing was allowed");
            return;
        }
        String more = key.isPresent() ? "; an API key for the usage plan" : "";
        Optional<Set<String>> reaching =
                HandedOn.keys(Questions.caller(subject.principal()), context);
        if (reaching.isEmpty()) {
            report.require(
                    "the backend gets the context",
                    false,
                    "it is too long for API Gateway, so each request would be an error");
            return;
        }
        Set<String> dropped = new TreeSet<>(context.keySet());
        dropped.removeAll(reaching.get());
        report.advise(
                "the backend gets the context",
                dropped.isEmpty(),
                dropped.isEmpty()
                        ? context.size() + " keys" + more
                        : "keys that are taken, and dropped: " + dropped + more);
    }

    private void judged(String check, ObjectNode principal) {
        judged(check, principal, subject.headers());
    }

    private void judged(String check, Map<String, String> headers) {
        judged(check, subject.principal(), headers);
    }

    private void judged(String check, ObjectNode principal, Map<String, String> headers) {
        Answer answer = asked(service.ask(question(principal, headers)));
        report.require(check, answer.judged(), answer.summary());
    }

    private void same(String check, Answer first, Answer answer) {
        report.require(check, asked(answer).sameAs(first), answer.summary());
    }

    private Answer asked(Answer answer) {
        answers.add(answer);
        return answer;
    }

    private static byte[] question(ObjectNode principal, Map<String, String> headers) {
        ObjectNode question = JSON.createObjectNode();
        question.set("principal", principal);
        ObjectNode values = question.putObject("headers");
        headers.forEach(values::put);
        return Questions.written(question);
    }

    private static ObjectNode tree(byte[] json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
