package authoriser.validation;

import static authoriser.validation.ServiceSettings.ISSUER;
import static authoriser.validation.ServiceSettings.SERVICE;
import static authoriser.validation.ServiceSettings.service;
import static authoriser.validation.ServiceSettings.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.Secret;
import authoriser.http.HttpClient;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.secrets.SecretSource;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import authoriser.token.VerifiedTokens;
import authoriser.validation.ServiceDocument.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the OpenAPI document of the validation service with the code of the client. */
class ServiceDocumentTest {
    private static final ServiceDocument DOCUMENT = ServiceDocument.read();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    private final PretendHttp network = new PretendHttp();
    private final ValidationClient client =
            new ValidationClient(
                    network,
                    service(),
                    new ServiceTokens(
                            network, service(), SecretSource.fixed(new Secret("a-secret")), clock),
                    clock);

    ServiceDocumentTest() {
        AtomicInteger number = new AtomicInteger();
        network.on(ISSUER, _ -> token("t" + number.incrementAndGet()));
    }

    static List<Answer> answers() {
        return DOCUMENT.answers();
    }

    static Stream<JsonNode> questions() {
        return DOCUMENT.questions().stream().map(Map.Entry::getValue);
    }

    private Verdict validate() {
        return validate(Optional.empty(), Optional.empty());
    }

    private Verdict validate(Optional<String> traceparent, Optional<String> traceId) {
        return client.validate(
                VerifiedTokens.user(List.of("orders/read"), List.of()),
                Map.of("x-tenant-id", "acme"),
                traceparent,
                new Invocation(Deadline.in(Duration.ofSeconds(8), clock), traceId));
    }

    private void serviceAnswers(int status, Answer answer) {
        Reply reply =
                new Reply.Answered(
                        status,
                        answer.body().getBytes(UTF_8),
                        new Reply.Fields(
                                answer.header("WWW-Authenticate"),
                                answer.header("Cache-Control"),
                                answer.header("Age"),
                                answer.header("Vary")));
        network.on(SERVICE, _ -> reply);
    }

    private int asked() {
        return network.sentTo(SERVICE).size();
    }

    /** The statuses of a code in the document. */
    private static int[] statuses(String code) {
        return switch (code) {
            case "2XX" -> new int[] {201, 202, 206, 299};
            case "5XX" -> new int[] {500, 502, 503, 504, 599};
            case "default" -> new int[] {300, 302, 307, 404, 405, 409, 418};
            default -> new int[] {Integer.parseInt(code)};
        };
    }

    // Answers

    @ParameterizedTest
    @MethodSource("answers")
    void eachResponseHasTheOutcomeOfTheDocument(Answer answer) {
        for (int status : statuses(answer.code())) {
            new ServiceDocumentTest().assertOutcome(status, answer);
        }
    }

    @Test
    void eachStatusWithoutABodyHasTheOutcomeOfTheDocument() {
        IntStream.rangeClosed(200, 599)
                .forEach(status ->
                        new ServiceDocumentTest()
                                .assertOutcome(status, DOCUMENT.withoutBody(status)));
    }

    private void assertOutcome(int status, Answer answer) {
        serviceAnswers(status, answer);

        Verdict verdict = validate();

        String about = status + " for " + answer;
        switch (answer.outcome()) {
            case "allow" -> {
                assertEquals(
                        new Verdict.Permitted(context(answer), apiKey(answer)), verdict, about);
                assertEquals(1, asked(), about);
            }
            case "refuse" -> {
                Optional<String> reason =
                        Optional.ofNullable(answer.described().path("x-reason").textValue());
                assertEquals(new Verdict.Refused(reason), verdict, about);
                assertEquals(1, asked(), about);
            }
            case "new-token" -> {
                assertUnavailable(verdict, about);
                assertEquals(
                        List.of("Bearer t1", "Bearer t2"),
                        network.sentTo(SERVICE).stream()
                                .map(sent -> header(sent.message(), "Authorization"))
                                .toList(),
                        about);
            }
            case "error" -> {
                assertUnavailable(verdict, about);
                assertEquals(1, asked(), about);
            }
            case "error-asked-again" -> {
                assertUnavailable(verdict, about);
                assertEquals(2, asked(), about);
            }
            default -> throw new AssertionError(about + " has no outcome: " + answer.outcome());
        }
    }

    private static void assertUnavailable(Verdict verdict, String about) {
        assertTrue(
                verdict instanceof Verdict.Unavailable(Reason reason, _)
                        && reason == Reason.VALIDATION_UNAVAILABLE,
                about + ": " + verdict);
    }

    private static Map<String, String> context(Answer answer) {
        Map<String, String> context = new LinkedHashMap<>();
        answer.described()
                .path("x-context")
                .properties()
                .forEach(entry -> context.put(entry.getKey(), entry.getValue().asText()));
        return context;
    }

    private static Optional<Secret> apiKey(Answer answer) {
        return Optional.ofNullable(answer.described().path("x-usage-identifier-key").textValue())
                .map(Secret::new);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void eachResponseIsCachedForTheTimeOfTheDocument(Answer answer) {
        if (!Set.of("allow", "refuse").contains(answer.outcome())) {
            return;
        }
        int seconds = answer.described().path("x-kept-seconds").asInt(0);
        serviceAnswers(statuses(answer.code())[0], answer);
        Verdict first = validate();

        if (seconds > 0) {
            clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertEquals(first, validate());
            assertEquals(1, asked());
            clock.advance(Duration.ofMillis(1));
        }
        assertEquals(first, validate());
        assertEquals(2, asked());
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aResponseFollowsItsSchemaIfAndOnlyIfItIsAJudgement(Answer answer) {
        if (answer.schema().isEmpty() || answer.schema().get().isEmpty()) {
            return;
        }
        List<String> problems =
                JsonSchema.problems(DOCUMENT.root(), answer.schema().get(), answer.value());

        boolean challenged = answer.header("WWW-Authenticate") != null;
        boolean judged = Set.of("allow", "refuse").contains(answer.outcome());
        assertEquals(judged || challenged, problems.isEmpty(), () -> answer + ": " + problems);
    }

    @Test
    void eachKindOfOutcomeIsExplained() {
        Set<String> used = new TreeSet<>();
        answers().forEach(answer -> used.add(answer.outcome()));
        String description = DOCUMENT.root().at("/info/description").asText();

        Set<String> explained = new TreeSet<>();
        Pattern.compile("(?m)^- `([a-z-]+)`:")
                .matcher(description)
                .results()
                .forEach(found -> explained.add(found.group(1)));
        assertEquals(explained, used);
    }

    // Questions

    @ParameterizedTest
    @MethodSource("questions")
    void eachRequestIsTheSameAsTheOneOfTheCode(JsonNode question) throws IOException {
        assertEquals(
                JSON.readTree(question.toString()), JSON.readTree(Questions.written(question)));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void aRequestOfTheCodeFollowsTheSchemaAndHasNoOtherMember(JsonNode question)
            throws IOException {
        assertEquals(
                List.of(),
                JsonSchema.problemsIfClosed(
                        DOCUMENT.root(),
                        DOCUMENT.schema("Question"),
                        JSON.readTree(Questions.written(question))));
    }

    @Test
    void aRequestForAMachineHasOnlyTheRequiredMembers() throws IOException {
        JsonNode machine = JSON.readTree(Questions.written(question("machine")));

        assertEquals(
                texts(DOCUMENT.schema("Principal").path("required")),
                names(machine.path("principal")));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void aRequestWithAnUnknownMemberFollowsTheSchema(JsonNode question) {
        ObjectNode later = question.deepCopy();
        later.put("later", true);
        later.withObjectProperty("principal").putArray("later");

        assertEquals(
                List.of(),
                JsonSchema.problems(DOCUMENT.root(), DOCUMENT.schema("Question"), later));
    }

    @Test
    void theHeadersOfARequestAreThoseOfTheDocument() {
        network.on(SERVICE, 204, "");
        validate(
                Optional.of(parameter("traceparent").path("example").asText()),
                Optional.of(parameter("X-Amzn-Trace-Id").path("example").asText()));

        Map<String, String> documented = new TreeMap<>();
        var named =
                Pattern.compile("`([A-Z][A-Za-z-]+): ([^`]+)`")
                        .matcher(DOCUMENT.operation().path("description").asText());
        while (named.find()) {
            documented.put(named.group(1), named.group(2));
        }
        for (JsonNode parameter : DOCUMENT.operation().path("parameters")) {
            documented.put(parameter.path("name").asText(), parameter.path("example").asText());
        }
        documented.put("Authorization", "Bearer t1"); // the security scheme
        documented.put("Content-Type", "application/json"); // the media type of the body
        String message = network.sentTo(SERVICE).getFirst().message();
        Map<String, String> sent = new TreeMap<>();
        message.lines()
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .map(line -> line.split(": ", 2))
                .forEach(header -> sent.put(header[0], header[1]));
        sent.keySet().removeAll(Set.of("Host", "Content-Length"));
        assertEquals(documented, sent);
    }

    private static JsonNode parameter(String name) {
        return DOCUMENT.operation()
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theExampleOfAParameterFollowsItsSchema() {
        for (JsonNode parameter : DOCUMENT.operation().path("parameters")) {
            assertEquals(
                    List.of(),
                    JsonSchema.problems(
                            DOCUMENT.root(), parameter.path("schema"), parameter.path("example")));
        }
    }

    private static String header(String message, String name) {
        return message.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    // Limits

    private static int limit(String name) {
        return DOCUMENT.operation().path("x-limits").path(name).asInt();
    }

    @Test
    void theTimeLimitIsTheDefaultOfTheSetting() {
        assertEquals(
                Duration.ofMillis(limit("answerMilliseconds")),
                Config.parse(Environment.with(), Environment.UNCHECKED).service().timeout());
    }

    @Test
    void theLongestResponseIsTheLimitOfTheClient() {
        assertEquals(HttpClient.BODY_LIMIT, limit("answerBytes"));
        assertTrue(
                DOCUMENT.operation()
                        .path("description")
                        .asText()
                        .contains("%,d bytes".formatted(HttpClient.BODY_LIMIT)));
    }

    @Test
    void aResponseIsCachedForTheLimitOfTheDocumentAtMost() {
        assertEquals(
                Duration.ofSeconds(limit("keptSeconds")),
                Freshness.lifetime(new Reply.Fields(null, "max-age=86400", null, null)));
    }

    @Test
    void theShareOfSecondRequestsIsTheOneOfTheBudget() {
        assertEquals(RetryBudget.SHARE, limit("questionsForARepetition"));
    }

    @Test
    void thePauseBeginsAfterTheNumberOfRequestsInTheDocument() {
        assertEquals(CircuitBreaker.LIMIT, limit("unansweredUntilAPause"));
    }

    @Test
    void oneInvocationSendsTheNumberOfRequestsInTheDocumentAtMost() {
        AtomicInteger question = new AtomicInteger();
        network.on(
                SERVICE,
                _ -> PretendHttp.answer(question.getAndIncrement() == 0 ? 503 : 401, "{}"));

        validate();

        assertEquals(limit("questions"), asked());
    }

    @Test
    void theHeadersThatVaryMayNameAreThoseOfTheCode() {
        String description =
                DOCUMENT.operation()
                        .at("/responses/200/headers/Vary/description")
                        .asText()
                        .replaceAll("\\s+", " ");
        var list = Pattern.compile("any name except (.+)\\.").matcher(description);
        assertTrue(list.find(), description);

        for (String name : list.group(1).split(", | and ")) {
            assertEquals(Duration.ofSeconds(60), lifetimeWithVary(name), name);
        }
        for (String name : List.of("*", "traceparent", "X-Amzn-Trace-Id", "Authorization")) {
            assertEquals(Duration.ZERO, lifetimeWithVary(name), name);
        }
    }

    private static Duration lifetimeWithVary(String vary) {
        return Freshness.lifetime(new Reply.Fields(null, "max-age=60", null, vary));
    }

    @Test
    void theServiceTokenIsFetchedByTheClientCredentialsGrant() {
        JsonNode scheme = DOCUMENT.root().at("/components/securitySchemes/serviceToken");

        assertEquals("oauth2", scheme.path("type").asText());
        assertEquals(List.of("clientCredentials"), names(scheme.path("flows")));
        assertEquals(List.of("serviceToken"), names(DOCUMENT.root().at("/security/0")));
    }

    private static JsonNode question(String name) {
        return DOCUMENT.questions().stream()
                .filter(question -> question.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
