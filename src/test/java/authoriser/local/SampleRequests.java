package authoriser.local;

import authoriser.local.RestApi.DecidedBy;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The requests that the local gateway shows: what each is about, how it goes over the wire, and
 * what must come of it.
 */
final class SampleRequests {
    /** Long enough for an afternoon's trying, and within the 24 h that Cognito allows. */
    private static final Duration LIFETIME = Duration.ofHours(12);

    private static final int RULE = 123;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String gateway;
    private final List<String> validatedHeaders;
    private final Path directory;
    private final List<Sample> samples;

    /**
     * Prepares the requests.
     *
     * @param gateway the URL of the local gateway, without a slash at the end
     * @param validatedHeaders the headers that have the tenant
     * @param directory where the callers' Authorization headers are written, for the curl lines to
     *     read
     */
    SampleRequests(String gateway, List<String> validatedHeaders, Tokens tokens, Path directory) {
        this.gateway = gateway;
        this.validatedHeaders = List.copyOf(validatedHeaders);
        this.directory = directory;
        this.samples = samples(tokens);
    }

    /** A caller's token and the name under which it is shown. */
    private record Credential(String name, String token) {}

    /**
     * A request.
     *
     * @param switchService the state that the validation service is switched to before
     * @param repetition how often the request is sent, of which the last is shown
     */
    private record Sample(
            String about,
            Optional<String> switchService,
            int repetition,
            String path,
            Optional<Credential> credential,
            List<String> tenants,
            Expected expected) {
        Sample(
                String about,
                String path,
                Credential credential,
                List<String> tenants,
                Expected expected) {
            this(about, Optional.empty(), 1, path, Optional.of(credential), tenants, expected);
        }

        Sample after(String switched) {
            return new Sample(
                    about, Optional.of(switched), repetition, path, credential, tenants, expected);
        }

        Sample theLastOf(int repetitions) {
            return new Sample(
                    about, switchService, repetitions, path, credential, tenants, expected);
        }

        Sample withoutToken() {
            return new Sample(
                    about, switchService, repetition, path, Optional.empty(), tenants, expected);
        }
    }

    /**
     * What must come of a request.
     *
     * @param decision how the decision begins
     * @param asked how often the validation service is asked
     * @param shown what the answer's body holds
     */
    private record Expected(
            int status, String decision, DecidedBy by, int asked, List<String> shown) {
        Expected(int status, String decision, DecidedBy by, int asked) {
            this(status, decision, by, asked, List.of());
        }

        Expected showing(String... texts) {
            return new Expected(status, decision, by, asked, List.of(texts));
        }

        boolean met(Observed observed) {
            return observed.status == status
                    && observed.decision.startsWith(decision)
                    && observed.by.equals(by.name().toLowerCase(Locale.ROOT))
                    && observed.asked.equals(Integer.toString(asked))
                    && shown.stream().allMatch(observed.body::contains);
        }

        @Override
        public String toString() {
            String text =
                    "%d %s by %s, asked %d"
                            .formatted(status, decision, by.name().toLowerCase(Locale.ROOT), asked);
            return shown.isEmpty() ? text : text + ", showing " + shown;
        }
    }

    private record Observed(
            int status,
            String decision,
            String by,
            String asked,
            String milliseconds,
            String body) {}

    private static List<Sample> samples(Tokens tokens) {
        Instant end = tokens.clock().instant().plus(LIFETIME);
        long exp = end.getEpochSecond();
        Credential user =
                new Credential(
                        "user",
                        tokens.access(
                                with(
                                        "exp",
                                        exp,
                                        "custom:tenant",
                                        "acme",
                                        "auth_time",
                                        1767225600)));
        Credential admin =
                new Credential(
                        "admin",
                        tokens.access(
                                with("exp", exp, "scope", "openid orders/read orders/admin")));
        Credential planner =
                new Credential(
                        "planner",
                        tokens.access(
                                with("exp", exp, "cognito:groups", List.of("clerks", "planners"))));
        Credential thisApi =
                new Credential(
                        "this-api", tokens.access(with("exp", exp, "aud", LocalSettings.AUDIENCE)));
        Credential otherApi =
                new Credential(
                        "other-api",
                        tokens.access(with("exp", exp, "aud", "https://other-api.example.com")));
        Credential expired =
                new Credential(
                        "expired",
                        tokens.access(
                                Tokens.expiringAt(
                                        tokens.clock().instant().minus(Duration.ofMinutes(5)))));
        SigningKey stranger = SigningKey.generate(tokens.key().kid());
        Credential forged =
                new Credential("forged", tokens.signedWith(stranger).access(with("exp", exp)));
        Credential unpublished =
                new Credential(
                        "unpublished-key",
                        tokens.signedWith(SigningKey.generate("not-published-yet"))
                                .access(with("exp", exp)));

        List<String> acme = List.of("acme");
        List<String> initech = List.of("initech");
        Expected allowed = new Expected(200, "allow", DecidedBy.FUNCTION, 1);
        Expected allowedByCache = new Expected(200, "allow", DecidedBy.CACHE, 0);
        Expected deniedByCache = new Expected(403, "deny this route", DecidedBy.CACHE, 0);
        Expected missing = new Expected(401, "identity source missing", DecidedBy.GATEWAY, 0);
        return List.of(
                new Sample(
                        "a good token",
                        "/orders/42",
                        user,
                        acme,
                        // The claims of ContextClaims for the backend, and of ServiceClaims for the
                        // service
                        allowed.showing(
                                "\"custom_tenant\":\"acme\"", "\\\"auth_time\\\":1767225600")),
                new Sample(
                        "the same caller on another route",
                        "/orders/43/lines",
                        user,
                        acme,
                        allowedByCache),
                new Sample(
                        "the same token, another tenant",
                        "/orders/42",
                        user,
                        List.of("globex"),
                        allowed),
                new Sample(
                        "a route whose scope is missing",
                        "/admin/users",
                        user,
                        acme,
                        deniedByCache),
                new Sample("the same route with the scope", "/admin/users", admin, acme, allowed),
                new Sample(
                        "a route whose group is missing",
                        "/shifts/today",
                        user,
                        acme,
                        deniedByCache),
                new Sample(
                        "the same route with the group", "/shifts/today", planner, acme, allowed),
                new Sample(
                        "a token that has expired",
                        "/orders/42",
                        expired,
                        acme,
                        refused("token_expired")),
                new Sample(
                        "a forged signature",
                        "/orders/42",
                        forged,
                        acme,
                        refused("token_signature")),
                new Sample(
                        "a key that is not published (yet)",
                        "/orders/42",
                        unpublished,
                        acme,
                        new Expected(401, "unauthorized", DecidedBy.FUNCTION, 0)),
                new Sample("a token for this API", "/orders/42", thisApi, acme, allowed),
                new Sample(
                        "a token for another API",
                        "/orders/42",
                        otherApi,
                        acme,
                        refused("token_audience")),
                new Sample(
                        "a tenant that the service refuses",
                        "/orders/42",
                        user,
                        List.of("blocked-tenant"),
                        new Expected(403, "deny validation_refused", DecidedBy.FUNCTION, 1)),
                new Sample(
                        "a tenant with an API key",
                        "/orders/42",
                        user,
                        List.of("metered-tenant"),
                        allowed.showing("\"apiKey\":\"" + PretendValidation.API_KEY + "\"")),
                new Sample(
                        "two tenants at once",
                        "/orders/42",
                        user,
                        List.of("acme", "hooli"),
                        refused("ambiguous_header")),
                new Sample("no tenant", "/orders/42", user, List.of(), missing),
                new Sample("no token", "/orders/42", user, acme, missing).withoutToken(),
                new Sample(
                                "the validation service is down",
                                "/orders/42",
                                user,
                                initech,
                                undecided(2))
                        .after("down"),
                new Sample("it is back: errors aren't cached", "/orders/42", user, initech, allowed)
                        .after("up"),
                new Sample(
                                "the validation service hangs",
                                "/orders/42",
                                user,
                                List.of("umbrella"),
                                undecided(1))
                        .after("hang"),
                new Sample(
                                "the sixth such request",
                                "/orders/42",
                                user,
                                List.of("umbrella"),
                                undecided(0))
                        .theLastOf(5));
    }

    /** A change that sets claims by name and value. */
    private static UnaryOperator<Map<String, Object>> with(Object... namesAndValues) {
        return claims -> {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                claims.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
            return claims;
        };
    }

    /** A Deny before the validation service is asked. */
    private static Expected refused(String reason) {
        return new Expected(403, "deny " + reason, DecidedBy.FUNCTION, 0);
    }

    private static Expected undecided(int asked) {
        return new Expected(500, "Undecided: validation_unavailable", DecidedBy.FUNCTION, asked);
    }

    /**
     * Sends every request, prints a row for each and returns how many came out otherwise than they
     * must. {@code asked} is how often the validation service was asked.
     */
    int printTable() {
        String row = " %2s  %-34s%-22s%6s  %-34s%-9s%5s%7s%n";
        System.out.printf(row, "#", "what", "request", "status", "decision", "by", "asked", "ms");
        System.out.println(" " + "-".repeat(RULE));
        int wrong = 0;
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            Observed observed = send(sample);
            System.out.printf(
                    row,
                    i + 1,
                    sample.about,
                    "GET " + sample.path,
                    observed.status,
                    shortened(observed.decision, 33),
                    observed.by,
                    observed.asked,
                    observed.milliseconds);
            if (!sample.expected.met(observed)) {
                wrong++;
                System.out.println("     ^ WRONG, must be " + sample.expected);
            }
        }
        switchService("up");
        System.out.println(" " + "-".repeat(RULE));
        System.out.printf(
                " %d of %d as they must be. The time is this side's too, whose classes load with"
                        + " the first request.%n%n",
                samples.size() - wrong, samples.size());
        return wrong;
    }

    /**
     * A request for a person to send.
     *
     * @param route method and path
     * @param commands the last is the request itself; one before it switches a fault
     */
    record Command(
            int number, String about, String route, String expected, List<String> commands) {}

    /** Writes the callers' tokens to files, which the commands read. */
    void writeHeaders() {
        samples.stream()
                .flatMap(sample -> sample.credential.stream())
                .distinct()
                .forEach(this::writeHeader);
    }

    /** The same requests as curl lines. */
    List<Command> commands() {
        List<Command> all = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            List<String> commands = new ArrayList<>();
            sample.switchService.ifPresent(
                    state -> commands.add("curl -X POST " + switchUrl(state)));
            List<String> words = new ArrayList<>();
            words.add("curl -i " + gateway + sample.path);
            sample.credential.ifPresent(credential -> words.add("-H @" + headerFile(credential)));
            for (String tenant : sample.tenants) {
                validatedHeaders.forEach(name -> words.add("-H '" + name + ": " + tenant + "'"));
            }
            String times = sample.repetition == 1 ? "" : "   # " + sample.repetition + " times";
            commands.add(String.join(" ", words) + times);
            all.add(
                    new Command(
                            i + 1,
                            sample.about,
                            "GET " + sample.path,
                            sample.expected.toString(),
                            commands));
        }
        return all;
    }

    /** Writes the callers' tokens to files, and prints the curl lines that read them. */
    void printCurlLines() {
        writeHeaders();
        for (Command command : commands()) {
            List<String> commands = command.commands();
            for (String before : commands.subList(0, commands.size() - 1)) {
                System.out.println("     " + before);
            }
            System.out.printf(" %2d  %s%n", command.number(), commands.getLast());
        }
        System.out.println("     curl -X POST " + switchUrl("up"));
    }

    /** A curl line with this Authorization header, which a shell fills in. */
    String curlLine(String authorization) {
        StringBuilder line = new StringBuilder("curl -i " + gateway + "/orders/42");
        line.append(" -H \"Authorization: ").append(authorization).append('"');
        validatedHeaders.forEach(name -> line.append(" -H '").append(name).append(": acme'"));
        return line.toString();
    }

    private Observed send(Sample sample) {
        sample.switchService.ifPresent(this::switchService);
        for (int unseen = 1; unseen < sample.repetition; unseen++) {
            exchange(request(sample));
        }
        return exchange(request(sample));
    }

    private void switchService(String state) {
        exchange(
                HttpRequest.newBuilder(URI.create(switchUrl(state))).POST(BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(Sample sample) {
        var request = HttpRequest.newBuilder(URI.create(gateway + sample.path));
        sample.credential.ifPresent(
                credential -> request.header("Authorization", "Bearer " + credential.token));
        for (String tenant : sample.tenants) {
            validatedHeaders.forEach(name -> request.header(name, tenant));
        }
        return request;
    }

    private Observed exchange(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Observed(
                    response.statusCode(),
                    response.headers().firstValue(LocalGateway.DECISION).orElse(""),
                    response.headers().firstValue(LocalGateway.DECIDED_BY).orElse(""),
                    response.headers().firstValue(LocalGateway.ASKED).orElse(""),
                    response.headers().firstValue(LocalGateway.MILLISECONDS).orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("The local gateway does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during the sample requests", e);
        }
    }

    private String switchUrl(String state) {
        return gateway + LocalGateway.SERVICE_SWITCH + state;
    }

    private Path headerFile(Credential credential) {
        return directory.resolve(credential.name + ".header");
    }

    private void writeHeader(Credential credential) {
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    headerFile(credential), "Authorization: Bearer " + credential.token + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("A sample caller's header can't be written", e);
        }
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 3) + "...";
    }
}
