package authoriser.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Secret;
import authoriser.http.PretendHttp;
import authoriser.invocation.Invocation;
import authoriser.secrets.SecretSource;
import authoriser.standin.Certificates;
import authoriser.standin.ManualClock;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInReply;
import authoriser.time.Deadline;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the contract test on the stand-in for a validation service, and on faulty services. */
class ServiceContractTest {
    private static final SigningKey KEY = SigningKey.generate("a-key");

    private final PretendCognito cognito = PretendCognito.start(KEY);
    private final PretendValidation service = PretendValidation.start(cognito);
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    ServiceContractTest() {
        properties.put("service.url", service.url());
        properties.put("service.headers", "X-Tenant-Id: acme; X-Channel: web");
        properties.put("service.refused", "X-Tenant-Id: blocked-tenant; X-Channel: web");
        properties.put("service.tokenUrl", cognito.tokenUrl());
        properties.put("service.clientId", PretendCognito.SERVICE_CLIENT_ID);
        environment.put("SERVICE_CLIENT_SECRET", PretendCognito.SERVICE_CLIENT_SECRET);
    }

    @AfterEach
    void stop() {
        service.close();
        cognito.close();
    }

    private int run() {
        return ServiceContract.run(properties, environment, new PrintStream(printed, true, UTF_8));
    }

    private String printed() {
        return printed.toString(UTF_8);
    }

    /** The checks that have this outcome in the table. */
    private Set<String> checks(String outcome) {
        return printed()
                .lines()
                .filter(line -> line.length() > 47 && line.startsWith(outcome, 47))
                .map(line -> line.substring(1, 47).strip())
                .collect(toSet());
    }

    private String detail(String check) {
        return printed()
                .lines()
                .filter(line -> line.startsWith(" " + check))
                .map(line -> line.substring(56))
                .findFirst()
                .orElse("");
    }

    private static boolean isAbout(ReceivedRequest request, String text) {
        return request.text().contains(text);
    }

    private static StandInReply withHeaders(String... namesAndValues) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return StandInReply.of(200, headers, "{\"allowed\":true}".getBytes(UTF_8));
    }

    /**
     * The stand-in's judge with another reply where it allows. {@code null} keeps its own reply.
     */
    private Function<ReceivedRequest, StandInReply> usually(
            Function<ReceivedRequest, StandInReply> allowing) {
        return request -> {
            StandInReply own = service.judge(request);
            boolean allows =
                    request.header("Authorization")
                                    .filter(value ->
                                            cognito.issued(value.replaceFirst("Bearer ", "")))
                                    .isPresent()
                            && !isAbout(request, "blocked-tenant");
            StandInReply other = allows ? allowing.apply(request) : null;
            return other == null ? own : other;
        };
    }

    @Test
    void sendsTheSameRequestAsTheFunction() throws Exception {
        properties.put("service.url", "https://" + ServiceSettings.SERVICE + "/validate");
        ServiceUnderTest subject = ServiceUnderTest.read(properties, environment);
        PretendHttp network =
                new PretendHttp()
                        .on(ServiceSettings.SERVICE, 204, "")
                        .on(ServiceSettings.ISSUER, _ -> ServiceSettings.token("t1"));
        JsonNode question = ServiceDocument.read().questions().getFirst().getValue();

        new ServiceAsker(subject, network, Optional.of(new Secret("t1")))
                .ask(Questions.written(question));
        ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
        ServiceTokens tokens =
                new ServiceTokens(
                        network,
                        ServiceSettings.service(),
                        SecretSource.fixed(new Secret("a-secret")),
                        clock);
        new ValidationClient(network, ServiceSettings.service(), tokens, clock)
                .validate(
                        Questions.caller(question.path("principal")),
                        Map.of("x-tenant-id", "acme"),
                        Optional.empty(),
                        new Invocation(
                                Deadline.in(Duration.ofSeconds(8), clock), Optional.empty()));

        List<String> sent =
                network.sentTo(ServiceSettings.SERVICE).stream()
                        .map(PretendHttp.Sent::message)
                        .toList();
        assertEquals(2, sent.size());
        assertEquals(sent.get(1), sent.get(0));
    }

    @Nested
    class ConformingService {

        @Test
        void passesEachCheck() {
            assertEquals(0, run(), () -> printed());

            assertEquals(Set.of(), checks("FAILED"));
            assertEquals(Set.of(), checks("advice"));
            assertEquals(Set.of(), checks("skipped"));
            assertEquals(26, checks("ok").size(), () -> printed());
        }

        @Test
        void passesEachCheckIfItAllowsWith204() {
            service.validate().answering(usually(request -> StandInReply.status(204)));

            assertEquals(0, run(), () -> printed());
            assertEquals(Set.of(), checks("advice"));
            assertEquals("allowed, status 204", detail("a good question is allowed"));
        }

        @Test
        void passesEachCheckIfItRefusesWith403() {
            service.validate()
                    .answering(request ->
                            isAbout(request, "blocked-tenant")
                                    ? StandInReply.json(403, "{\"reason\":\"tenant is suspended\"}")
                                    : service.judge(request));

            assertEquals(0, run(), () -> printed());
            assertEquals("refused, status 403", detail("the refused header values are refused"));
        }

        @Test
        void passesEachCheckIfItSendsMaxAge() {
            service.validate()
                    .answering(usually(_ -> withHeaders("Cache-Control", "private, max-age=60")));

            assertEquals(0, run(), () -> printed());
            assertTrue(detail("Cache-Control is one that is used").contains("used again for 60 s"));
            assertEquals(Set.of(), checks("advice"));
        }

        @Test
        void isCalledOverTlsWithAPrivateAuthority(@TempDir Path directory) {
            Certificates certificates = Certificates.create(directory);
            try (PretendValidation overTls = PretendValidation.start(certificates, cognito)) {
                properties.put("service.url", overTls.url());
                assertEquals(1, run());
                assertTrue(
                        detail("a good question is allowed").contains("certificate"),
                        () -> printed());

                printed.reset();
                properties.put("service.caCertificates", certificates.authorityFile().toString());
                assertEquals(0, run(), () -> printed());
                assertEquals(Set.of(), checks("advice"));
            }
        }
    }

    @Nested
    class Properties {

        @Test
        void mayGiveAServiceToken() {
            properties.remove("service.tokenUrl");
            properties.remove("service.clientId");
            environment.clear();
            environment.put("SERVICE_TOKEN", "an-opaque-token");
            try (PretendValidation opaque = PretendValidation.start("an-opaque-token"::equals)) {
                properties.put("service.url", opaque.url());

                assertEquals(0, run(), () -> printed());
            }
            assertEquals(
                    Set.of(
                            "a changed signature of the service token: 401",
                            "a service token without signature: 401"),
                    checks("skipped"));
        }

        @Test
        void mayGiveThePrincipalInAFile(@TempDir Path directory) throws Exception {
            Path file =
                    Files.writeString(
                            directory.resolve("principal.json"),
                            "{\"issuer\":\"https://issuer.example.com\",\"subject\":\"s\","
                                    + "\"username\":\"u\",\"clientId\":\"c\",\"scopes\":[],"
                                    + "\"groups\":[\"g\"],\"claims\":{\"tenant\":\"acme\"}}");
            properties.put("service.principal", file.toString());

            assertEquals(0, run(), () -> printed());

            assertEquals(
                    Files.readString(file),
                    service.questions().getFirst().path("principal").toString());
        }

        @Test
        void limitTheNumberOfRequests() {
            properties.put("service.burst", "64");

            run();

            assertTrue(service.calls() < 64 + 40, () -> service.calls() + " questions");
        }

        @Test
        void areExplainedWithEveryProblemAtOnce() {
            properties.clear();
            environment.clear();
            properties.put("service.url", "http://validation.example.com/validate");
            properties.put("service.headers", "X-Tenant-Id=acme");
            properties.put("service.burst", "65");
            properties.put("service.token", "a token");
            properties.put("service.principal", "no-such-file.json");

            assertEquals(2, run());

            List.of(
                            "service.url",
                            "service.headers",
                            "service.burst",
                            "service.token",
                            "service.principal")
                    .forEach(name ->
                            assertTrue(printed().contains("  - " + name), () -> name + printed()));
            assertFalse(printed().contains("a token\n"));
            ServiceUnderTest.PROPERTIES
                    .keySet()
                    .forEach(name -> assertTrue(printed().contains("-D" + name), name));
        }

        @Test
        void areAllInTheMavenProfile() throws Exception {
            String pom = Files.readString(Path.of("pom.xml"));

            for (String name : ServiceUnderTest.PROPERTIES.keySet()) {
                assertTrue(
                        pom.contains("<argument>-D" + name + "=${" + name + "}</argument>"), name);
            }
            assertTrue(pom.contains("<argument>-Dresolved.names=all</argument>"));
        }
    }

    @Nested
    class FaultyService {

        private static JsonNode principal(ReceivedRequest request) {
            return request.json().path("principal");
        }

        private static boolean ascii(String text) {
            return text.chars().allMatch(c -> c < 0x80);
        }

        private static StandInReply allowed(String context) {
            return StandInReply.json("{\"allowed\":true,\"context\":" + context + "}");
        }

        /** A fault of a service, and the checks that must find it. */
        private enum Flaw {
            REFUSES_EVERYTHING(
                    _ -> StandInReply.json("{\"allowed\":false,\"reason\":\"no\"}"),
                    "FAILED",
                    "a good question is allowed"),
            ALLOWS_BY_AN_EMPTY_OBJECT(
                    _ -> StandInReply.json("{}"),
                    "FAILED",
                    "a good question is allowed",
                    "the same question gets the same answer",
                    "a machine, without username, is judged",
                    "many scopes and groups are judged",
                    "no scope and no group is judged",
                    "letters of any language are judged",
                    "a token with none of the claims is judged",
                    "claims of any type are judged",
                    "a long header value is judged",
                    "a header value in any letters is judged",
                    "a header value with quotes is judged",
                    "unknown members are ignored",
                    "the order of members does not matter",
                    "trace headers decide nothing",
                    "16 questions at once get the same answer"),
            NEEDS_A_USERNAME(
                    request -> principal(request).has("username") ? null : StandInReply.status(500),
                    "FAILED",
                    "a machine, without username, is judged"),
            TAKES_FEW_SCOPES(
                    request ->
                            principal(request).path("scopes").size() > 100
                                    ? StandInReply.status(413)
                                    : null,
                    "FAILED",
                    "many scopes and groups are judged"),
            NEEDS_A_SCOPE(
                    request ->
                            principal(request).path("scopes").isEmpty()
                                    ? StandInReply.status(500)
                                    : null,
                    "FAILED",
                    "no scope and no group is judged"),
            READS_ASCII_NAMES_ONLY(
                    request ->
                            ascii(principal(request).path("username").asText())
                                    ? null
                                    : StandInReply.status(500),
                    "FAILED",
                    "letters of any language are judged"),
            NEEDS_A_CLAIM(
                    request ->
                            principal(request).has("claims")
                                            && principal(request).path("claims").isEmpty()
                                    ? StandInReply.status(500)
                                    : null,
                    "FAILED",
                    "a token with none of the claims is judged"),
            READS_CLAIMS_AS_TEXT(
                    request ->
                            principal(request)
                                            .path("claims")
                                            .valueStream()
                                            .allMatch(JsonNode::isTextual)
                                    ? null
                                    : StandInReply.status(500),
                    "FAILED",
                    "claims of any type are judged"),
            TAKES_SHORT_HEADERS_ONLY(
                    request ->
                            request.json().at("/headers/x-tenant-id").asText().length() > 4_000
                                    ? StandInReply.status(431)
                                    : null,
                    "FAILED",
                    "a long header value is judged"),
            READS_ASCII_HEADERS_ONLY(
                    request ->
                            ascii(request.json().at("/headers/x-tenant-id").asText())
                                    ? null
                                    : StandInReply.status(500),
                    "FAILED",
                    "a header value in any letters is judged"),
            BREAKS_ON_QUOTES(
                    request ->
                            request.json().at("/headers/x-tenant-id").asText().contains("\"")
                                    ? StandInReply.broken()
                                    : null,
                    "FAILED",
                    "a header value with quotes is judged"),
            REFUSES_UNKNOWN_MEMBERS(
                    request -> isAbout(request, "\"later\"") ? StandInReply.status(400) : null,
                    "FAILED",
                    "unknown members are ignored"),
            READS_MEMBERS_IN_ORDER(
                    request ->
                            request.text().startsWith("{\"principal\"")
                                    ? null
                                    : StandInReply.status(422),
                    "FAILED",
                    "the order of members does not matter"),
            JUDGES_BY_TRACE(
                    request ->
                            request.header("traceparent").isPresent()
                                    ? StandInReply.status(403)
                                    : null,
                    "FAILED",
                    "trace headers decide nothing"),
            REDIRECTS_LONG_VALUES(
                    request ->
                            request.json().at("/headers/x-tenant-id").asText().length() > 4_000
                                    ? StandInReply.redirect("/elsewhere")
                                    : null,
                    "FAILED",
                    "a long header value is judged"),
            GIVES_EACH_ANSWER_AN_ID(
                    _ -> allowed("{\"id\":" + System.nanoTime() + "}"),
                    "advice",
                    "the context follows from the question"),
            SENDS_A_LONG_CONTEXT(
                    _ -> allowed("{\"a\":\"" + "x".repeat(9_000) + "\"}"),
                    "FAILED",
                    "the backend gets the context"),
            USES_KEYS_THAT_ARE_TAKEN(
                    _ -> allowed("{\"status\":\"active\",\"Subject\":\"me\",\"plan\":\"gold\"}"),
                    "advice",
                    "the backend gets the context"),
            CLOSES_CONNECTIONS(
                    _ -> withHeaders("Connection", "close"), "advice", "connections are kept"),
            VARIES_BY_TRACE(
                    _ -> withHeaders("Cache-Control", "max-age=60", "Vary", "traceparent"),
                    "advice",
                    "Cache-Control is one that is used"),
            SENDS_MAX_AGE_WITHOUT_A_NUMBER(
                    _ -> withHeaders("Cache-Control", "max-age=soon"),
                    "advice",
                    "Cache-Control is one that is used");

            private final Function<ReceivedRequest, StandInReply> allowing;
            private final String outcome;
            private final Set<String> checks;

            Flaw(
                    Function<ReceivedRequest, StandInReply> allowing,
                    String outcome,
                    String... checks) {
                this.allowing = allowing;
                this.outcome = outcome;
                this.checks = Set.of(checks);
            }
        }

        @ParameterizedTest
        @EnumSource(Flaw.class)
        void failsExactlyTheChecksOfItsFault(Flaw flaw) {
            service.validate().answering(usually(flaw.allowing));

            int status = run();

            boolean required = flaw.outcome.equals("FAILED");
            assertEquals(required ? flaw.checks : Set.of(), checks("FAILED"), () -> printed());
            assertEquals(required ? Set.of() : flaw.checks, checks("advice"), () -> printed());
            assertEquals(required ? 1 : 0, status);
        }

        /** A fault of a refusal, and the check that must find it. */
        private enum BadRefusal {
            AN_ALLOW("{\"allowed\":true}", 200, "FAILED", "the refused header values are refused"),
            A_FIREWALLS_PAGE(
                    "<html>no</html>", 403, "FAILED", "the refused header values are refused"),
            NO_REASON(
                    "{\"allowed\":false}",
                    200,
                    "advice",
                    "a refusal has a reason that can be shown"),
            TAGS(
                    "{\"allowed\":false,\"reason\":\"<b>no</b>\"}",
                    200,
                    "advice",
                    "a refusal has a reason that can be shown"),
            TOO_LONG(
                    "{\"allowed\":false,\"reason\":\"" + "no ".repeat(100) + "\"}",
                    200,
                    "advice",
                    "a refusal has a reason that can be shown");

            private final String body;
            private final int status;
            private final String outcome;
            private final String check;

            BadRefusal(String body, int status, String outcome, String check) {
                this.body = body;
                this.status = status;
                this.outcome = outcome;
                this.check = check;
            }
        }

        @ParameterizedTest
        @EnumSource(BadRefusal.class)
        void failsTheCheckOfItsRefusal(BadRefusal refusal) {
            service.validate()
                    .answering(request ->
                            isAbout(request, "blocked-tenant")
                                    ? StandInReply.json(refusal.status, refusal.body)
                                    : service.judge(request));

            run();

            assertEquals(Set.of(refusal.check), checks(refusal.outcome), () -> printed());
        }

        @Test
        void failsIfARefusalChangesTheNextResponse() {
            AtomicInteger refusals = new AtomicInteger();
            service.validate()
                    .answering(request -> {
                        if (isAbout(request, "blocked-tenant")) {
                            refusals.set(1);
                        } else if (refusals.getAndSet(0) == 1) {
                            return StandInReply.status(403);
                        }
                        return service.judge(request);
                    });

            assertEquals(1, run());

            assertEquals(
                    Set.of("the same question gets the same answer"),
                    checks("FAILED"),
                    () -> printed());
        }

        @ParameterizedTest
        @CsvSource({"200", "204", "403", "500"})
        void failsIfItDoesNotRespondWith401ToABadToken(int status) {
            service.validate()
                    .answering(request -> {
                        StandInReply usual = service.judge(request);
                        boolean good =
                                request.header("Authorization")
                                        .map(value -> value.replaceFirst("Bearer ", ""))
                                        .filter(cognito::issued)
                                        .isPresent();
                        StandInReply other =
                                status == 204
                                        ? StandInReply.status(204)
                                        : StandInReply.json(status, "{\"allowed\":true}");
                        return good ? usual : other;
                    });
            assertEquals(1, run());

            assertEquals(
                    Set.of(
                            "no service token: 401",
                            "a service token that is none: 401",
                            "a changed signature of the service token: 401",
                            "a service token without signature: 401"),
                    checks("FAILED"),
                    () -> printed());
        }

        @Test
        void failsIfOneOfManyConcurrentRequestsFails() {
            AtomicInteger withoutSignature = new AtomicInteger();
            service.validate()
                    .answering(request -> {
                        if (request.header("Authorization").orElse("").endsWith(".")) {
                            withoutSignature.set(1);
                        } else if (withoutSignature.getAndSet(0) == 1) {
                            return StandInReply.status(429);
                        }
                        return service.judge(request);
                    });

            assertEquals(1, run());

            assertEquals(
                    Set.of("16 questions at once get the same answer"),
                    checks("FAILED"),
                    () -> printed());
            assertTrue(detail("16 questions at once").startsWith("15 of 16: "), () -> printed());
        }

        @Test
        void failsIfItDoesNotRespondInTime() {
            service.validate()
                    .answering(request ->
                            isAbout(request, "read-number-199")
                                    ? StandInReply.never()
                                    : service.judge(request));

            assertEquals(1, run());

            assertEquals(
                    Set.of("many scopes and groups are judged", "each answer comes within 2000 ms"),
                    checks("FAILED"),
                    () -> printed());
        }

        @Test
        void getsNoMoreRequestsIfItIsDown() {
            service.close();

            assertEquals(1, run());

            assertEquals(Set.of("a good question is allowed"), checks("FAILED"));
            assertEquals(Set.of("all others"), checks("skipped"));
        }
    }

    @Nested
    class PrintedReport {

        @Test
        void containsNoTokenAndNoSecret() {
            service.validate()
                    .answering(request ->
                            StandInReply.json(
                                    "{\"allowed\":false,\"reason\":\"refused: "
                                            + request.header("Authorization").orElse("")
                                            + " "
                                            + PretendCognito.SERVICE_CLIENT_SECRET
                                            + "\"}"));

            run();

            assertTrue(
                    detail("a refusal has a reason").contains("refused: Bearer [secret] [secret]"),
                    () -> printed());
            assertFalse(printed().contains(PretendCognito.SERVICE_CLIENT_SECRET));
            service.validate().requests().stream()
                    .flatMap(request -> request.header("Authorization").stream())
                    .map(value -> value.replaceFirst("Bearer ", ""))
                    .filter(token -> token.length() > 20)
                    .forEach(token -> assertFalse(printed().contains(token)));
        }

        @Test
        void containsNoPartOfAToken() {
            service.validate()
                    .answering(request ->
                            StandInReply.json(
                                    "{\"allowed\":false,\"reason\":\""
                                            + request.header("Authorization")
                                                    .orElse("")
                                                    .replaceFirst("(.{0,40}).*", "$1")
                                            + "\"}"));

            run();

            assertTrue(
                    detail("a refusal has a reason").endsWith("the caller reads: Bearer [secret]"),
                    () -> printed());
        }

        @Test
        void namesARefusedClientWithoutItsSecret() {
            environment.put("SERVICE_CLIENT_SECRET", "another-secret");

            assertEquals(2, run());

            assertTrue(
                    detail("the token endpoint gives").contains("invalid_client"), () -> printed());
            assertFalse(printed().contains("another-secret"));
        }
    }
}
