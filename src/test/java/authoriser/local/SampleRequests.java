package authoriser.local;

import authoriser.local.RestApi.DecidedBy;
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
import java.util.Optional;

/**
 * The requests that the local gateway shows: what each is about, how it goes over the wire, and
 * what must come of it.
 */
final class SampleRequests {
    /** Long enough for an afternoon's trying, and within the 24 h that Cognito allows. */
    private static final Duration LIFETIME = Duration.ofHours(12);

    private static final int RULE = 118;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String gateway;
    private final Path directory;
    private final List<Sample> samples;

    /**
     * Prepares the requests.
     *
     * @param gateway the URL of the local gateway, without a slash at the end
     * @param directory where the callers' Authorization headers are written, for the curl lines to
     *     read
     */
    SampleRequests(String gateway, Tokens tokens, Path directory) {
        this.gateway = gateway;
        this.directory = directory;
        this.samples = samples(tokens);
    }

    /** A caller's token and the name under which it is shown. */
    private record Credential(String name, String token) {}

    private record Sample(
            String about,
            Optional<String> switchService,
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
            this(about, Optional.empty(), path, Optional.of(credential), tenants, expected);
        }
    }

    /** The status, how the decision begins, and who took it. */
    private record Expected(int status, String decision, DecidedBy by) {
        boolean met(Observed observed) {
            return observed.status == status
                    && observed.decision.startsWith(decision)
                    && observed.by.equals(by.name().toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return status + " " + decision + " by " + by.name().toLowerCase(Locale.ROOT);
        }
    }

    private record Observed(int status, String decision, String by, String milliseconds) {}

    private static List<Sample> samples(Tokens tokens) {
        Instant end = tokens.clock().instant().plus(LIFETIME);
        Credential user =
                new Credential("user", tokens.access(Tokens.with("exp", end.getEpochSecond())));
        Credential admin =
                new Credential(
                        "admin",
                        tokens.access(claims -> {
                            claims.put("exp", end.getEpochSecond());
                            claims.put("scope", "openid orders/read orders/admin");
                            return claims;
                        }));
        Credential expired =
                new Credential(
                        "expired",
                        tokens.access(
                                Tokens.expiringAt(
                                        tokens.clock().instant().minus(Duration.ofMinutes(5)))));
        SigningKey stranger = SigningKey.generate(tokens.key().kid());
        Credential forged =
                new Credential(
                        "forged",
                        tokens.signedWith(stranger)
                                .access(Tokens.with("exp", end.getEpochSecond())));

        Credential unpublished =
                new Credential(
                        "unpublished-key",
                        tokens.signedWith(SigningKey.generate("not-published-yet"))
                                .access(Tokens.with("exp", end.getEpochSecond())));
        Credential otherApi =
                new Credential(
                        "other-api",
                        tokens.access(claims -> {
                            claims.put("exp", end.getEpochSecond());
                            claims.put("aud", "https://other-api.example.com");
                            return claims;
                        }));

        List<String> acme = List.of("acme");
        List<String> initech = List.of("initech");
        return List.of(
                new Sample(
                        "a good token",
                        "/orders/42",
                        user,
                        acme,
                        new Expected(200, "allow", DecidedBy.FUNCTION)),
                new Sample(
                        "the same caller on another route",
                        "/orders/43/lines",
                        user,
                        acme,
                        new Expected(200, "allow", DecidedBy.CACHE)),
                new Sample(
                        "the same token, another tenant",
                        "/orders/42",
                        user,
                        List.of("globex"),
                        new Expected(200, "allow", DecidedBy.FUNCTION)),
                new Sample(
                        "a route whose scope is missing",
                        "/admin/users",
                        user,
                        acme,
                        new Expected(403, "deny this route", DecidedBy.CACHE)),
                new Sample(
                        "the same route with the scope",
                        "/admin/users",
                        admin,
                        acme,
                        new Expected(200, "allow", DecidedBy.FUNCTION)),
                new Sample(
                        "a token that has expired",
                        "/orders/42",
                        expired,
                        acme,
                        new Expected(403, "deny token_expired", DecidedBy.FUNCTION)),
                new Sample(
                        "a forged signature",
                        "/orders/42",
                        forged,
                        acme,
                        new Expected(403, "deny token_signature", DecidedBy.FUNCTION)),
                new Sample(
                        "a key that is not published (yet)",
                        "/orders/42",
                        unpublished,
                        acme,
                        new Expected(401, "unauthorized", DecidedBy.FUNCTION)),
                new Sample(
                        "a token for another API",
                        "/orders/42",
                        otherApi,
                        acme,
                        new Expected(403, "deny token_audience", DecidedBy.FUNCTION)),
                new Sample(
                        "a tenant that the service refuses",
                        "/orders/42",
                        user,
                        List.of("blocked-tenant"),
                        new Expected(403, "deny validation_refused", DecidedBy.FUNCTION)),
                new Sample(
                        "two tenants at once",
                        "/orders/42",
                        user,
                        List.of("acme", "hooli"),
                        new Expected(403, "deny ambiguous_header", DecidedBy.FUNCTION)),
                new Sample(
                        "no tenant",
                        "/orders/42",
                        user,
                        List.of(),
                        new Expected(401, "identity source missing", DecidedBy.GATEWAY)),
                new Sample(
                        "no token",
                        Optional.empty(),
                        "/orders/42",
                        Optional.empty(),
                        acme,
                        new Expected(401, "identity source missing", DecidedBy.GATEWAY)),
                new Sample(
                        "the validation service is down",
                        Optional.of("down"),
                        "/orders/42",
                        Optional.of(user),
                        initech,
                        new Expected(500, "Undecided: validation_unavailable", DecidedBy.FUNCTION)),
                new Sample(
                        "it is back: errors aren't cached",
                        Optional.of("up"),
                        "/orders/42",
                        Optional.of(user),
                        initech,
                        new Expected(200, "allow", DecidedBy.FUNCTION)));
    }

    /**
     * Sends every request, prints a row for each and tells how many came out otherwise than they
     * must.
     */
    int printTable() {
        String row = " %2s  %-34s%-22s%6s  %-34s%-9s%7s%n";
        System.out.printf(row, "#", "what", "request", "status", "decision", "by", "ms");
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
                    observed.milliseconds);
            if (!sample.expected.met(observed)) {
                wrong++;
                System.out.println("     ^ WRONG, must be " + sample.expected);
            }
        }
        System.out.println(" " + "-".repeat(RULE));
        System.out.printf(
                " %d of %d as they must be. The time is this side's too, whose classes load with"
                        + " the first request.%n%n",
                samples.size() - wrong, samples.size());
        return wrong;
    }

    /** Prints the same requests as curl lines, which read the callers' tokens from files. */
    void printCurlLines() {
        samples.stream()
                .flatMap(sample -> sample.credential.stream())
                .distinct()
                .forEach(this::writeHeader);
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            sample.switchService.ifPresent(
                    state -> System.out.println("     curl -X POST " + switchUrl(state)));
            List<String> words = new ArrayList<>();
            words.add("curl -i " + gateway + sample.path);
            sample.credential.ifPresent(credential -> words.add("-H @" + headerFile(credential)));
            sample.tenants.forEach(tenant -> words.add("-H 'X-Tenant-Id: " + tenant + "'"));
            System.out.printf(" %2d  %s%n", i + 1, String.join(" ", words));
        }
    }

    /**
     * Loads this side's classes by requests that never reach the function, whose first is the first
     * row's.
     */
    private void warmUp() {
        exchange(
                HttpRequest.newBuilder(URI.create(gateway))
                        .method("OPTIONS", BodyPublishers.noBody()));
        exchange(HttpRequest.newBuilder(URI.create(gateway)));
    }

    private Observed send(Sample sample) {
        sample.switchService.ifPresent(state ->
                exchange(
                        HttpRequest.newBuilder(URI.create(switchUrl(state)))
                                .POST(BodyPublishers.noBody())));
        var request = HttpRequest.newBuilder(URI.create(gateway + sample.path));
        sample.credential.ifPresent(
                credential -> request.header("Authorization", "Bearer " + credential.token));
        sample.tenants.forEach(tenant -> request.header("X-Tenant-Id", tenant));
        return exchange(request);
    }

    private Observed exchange(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Observed(
                    response.statusCode(),
                    response.headers().firstValue(LocalGateway.DECISION).orElse(""),
                    response.headers().firstValue(LocalGateway.DECIDED_BY).orElse(""),
                    response.headers().firstValue(LocalGateway.MILLISECONDS).orElse(""));
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
