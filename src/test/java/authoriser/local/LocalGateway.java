package authoriser.local;

import authoriser.local.RestApi.Passage;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInReply;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A local API Gateway in front of the function, which runs in its own process as on Lambda, with a
 * stand-in issuer, token endpoint and validation service behind it. Environment variables with the
 * names of the function's settings replace the stand-ins.
 *
 * <p>System properties: {@code port} (3000; 0 is any that is free), {@code once} (end after the
 * table; the exit status tells whether every request came out as it must), {@code lambda.directory}
 * (target/lambda) and {@code local.directory} (target/local), where the function's log and the
 * sample callers' headers go.
 */
public final class LocalGateway {
    /** The response headers that tell how a request was decided; API Gateway has none such. */
    static final String DECISION = "X-Local-Decision";

    static final String DECIDED_BY = "X-Local-Decided-By";
    static final String MILLISECONDS = "X-Local-Milliseconds";

    /** How many questions the validation service got meanwhile. */
    static final String ASKED = "X-Local-Asked";

    /** Answered by this gateway itself: a state of {@link Faults.State} follows. */
    static final String SERVICE_SWITCH = "/_local/validation-service/";

    /** Answered by this gateway itself with a token of the stand-in issuer. */
    static final String MINT = "/_local/tokens";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** The most characters of a decision that a header shows. */
    private static final int LONGEST_DECISION = 200;

    private final PretendValidation validation;
    private final RestApi api;
    private final Decisions decisions;
    private final LocalConsole console;
    private final Page page;
    private final InstantSource clock;
    private volatile Optional<LiveLines> live = Optional.empty();

    private LocalGateway(
            PretendValidation validation,
            RestApi api,
            Decisions decisions,
            LocalConsole console,
            Page page,
            InstantSource clock) {
        this.validation = validation;
        this.api = api;
        this.decisions = decisions;
        this.console = console;
        this.page = page;
        this.clock = clock;
    }

    /**
     * Puts a gateway together.
     *
     * @param restart starts the function anew
     * @param lines what the function prints
     */
    static LocalGateway of(
            PretendCognito cognito,
            PretendValidation validation,
            LocalSettings settings,
            RestApi.Authoriser function,
            Runnable restart,
            LogLines lines,
            ResultCache cache,
            InstantSource clock) {
        Decisions decisions = new Decisions(lines);
        Faults faults = new Faults(settings, cognito, validation);
        Page page = new Page(settings, decisions, cache, faults, clock);
        return new LocalGateway(
                validation,
                new RestApi(settings.identitySources(), cache, function, clock),
                decisions,
                new LocalConsole(settings, cognito.mint(), faults, cache, restart, page),
                page,
                clock);
    }

    /** Shows these requests on the page. */
    void offer(List<SampleRequests.Command> commands) {
        page.commands(commands);
    }

    public static void main(String[] args) {
        System.exit(run(System::getProperty, System.getenv(), System.err));
    }

    /**
     * Runs until whoever started this has ended, and returns the exit status. Whatever keeps it
     * from running is one message.
     */
    static int run(
            UnaryOperator<String> properties,
            Map<String, String> environment,
            PrintStream messages) {
        try {
            return run(new Options(properties), environment);
        } catch (UncheckedIOException | IllegalStateException e) {
            messages.println(" " + e.getMessage());
            return 2;
        }
    }

    private static int run(Options options, Map<String, String> environment) {
        int port = options.port();
        Path bootstrap =
                options.directory("lambda.directory", "target/lambda").resolve("bootstrap");
        Path directory = options.directory("local.directory", "target/local");
        Path functionLog = directory.resolve("function.log");
        if (!Files.isRegularFile(bootstrap) || !Files.isExecutable(bootstrap)) {
            throw new IllegalStateException(
                    "No " + bootstrap + ": build the function first (mvn package)");
        }
        InstantSource clock = InstantSource.system();
        SigningKey key = SigningKey.generate("7lK+o2vQx0e/Tb4Wn9sYzA1dUc8RkGfHjMpLqXiE3tI=");
        try (PretendCognito cognito = PretendCognito.start(key);
                PretendValidation validation = PretendValidation.start(cognito)) {
            LocalSettings settings = LocalSettings.of(environment, cognito, validation);
            try (RunningGateway running =
                    RunningGateway.start(
                            bootstrap, functionLog, port, cognito, validation, settings, clock)) {
                LocalFunction function = running.function();
                String url = running.server().url();
                System.out.printf("%n Local API Gateway on %s%n", url);
                long milliseconds = function.awaitStart(START_LIMIT).toMillis();
                System.out.printf(
                        " function started in %d ms; its log: %s%n", milliseconds, functionLog);
                settings.parts().forEach(part -> System.out.println(" " + part));
                System.out.println();
                SampleRequests samples =
                        new SampleRequests(
                                url, settings.validatedHeaders(), cognito.tokens(clock), directory);
                int wrong = settings.own() ? 0 : samples.printTable();
                if (options.isSet("once")) {
                    return wrong == 0 ? 0 : 1;
                }
                running.cache().flush();
                // After the last samples it does not ask the service for a while
                function.restart();
                function.awaitStart(START_LIMIT);
                if (settings.ownIssuer()) {
                    System.out.println(" Try it with a token of the issuer:");
                    System.out.printf("%n     %s%n", samples.curlLine("Bearer $TOKEN"));
                } else {
                    System.out.printf(
                            " Try them yourself (the cache is empty, the function new):%n%n");
                    samples.printCurlLines();
                    running.gateway().offer(samples.commands());
                    System.out.printf("%n Get a token with other claims:%n%n");
                    System.out.printf(
                            "     curl '%s%s?sub=joe&scope=orders/read&expires=-10'%n", url, MINT);
                }
                if (!settings.ownService() && !settings.ownTokenEndpoint()) {
                    System.out.printf(
                            "%n Check the validation service as a team checks its own:%n%n");
                    System.out.println("     " + serviceTest(cognito, validation));
                }
                System.out.printf("%n Serving until Ctrl-C; the page is %s/. Requests:%n", url);
                running.gateway().live = Optional.of(LiveLines.ofStandardOutput());
                parentEnded().join();
                return 0;
            }
        }
    }

    /** Completes when Maven, or whoever started this, has ended: nobody could stop it any more. */
    private static CompletableFuture<ProcessHandle> parentEnded() {
        return ProcessHandle.current()
                .parent()
                .map(ProcessHandle::onExit)
                .orElseGet(CompletableFuture::new);
    }

    /** The command that checks the stand-in of the validation service. */
    private static String serviceTest(PretendCognito cognito, PretendValidation validation) {
        return String.join(
                " \\\n         ",
                "SERVICE_CLIENT_SECRET=" + PretendCognito.SERVICE_CLIENT_SECRET,
                "mvn -q -Pservice-test -Dservice.url=" + validation.url(),
                "-Dservice.headers='X-Tenant-Id: acme'",
                "-Dservice.refused='X-Tenant-Id: blocked-tenant'",
                "-Dservice.tokenUrl=" + cognito.tokenUrl(),
                "-Dservice.clientId=" + PretendCognito.SERVICE_CLIENT_ID);
    }

    StandInReply answer(ReceivedRequest request) {
        if (console.isFor(request)) {
            return console.answer(request);
        }
        int askedBefore = validation.calls();
        Passage passage = api.pass(request);
        Decisions.Entry entry = decisions.add(clock.instant(), request.toString(), passage);
        Map<String, String> headers = new HashMap<>(passage.headers());
        String decision = passage.decision().replaceAll("\\p{Cntrl}+", " ");
        headers.put(DECISION, headerValue(decision));
        headers.put(DECIDED_BY, entry.by());
        headers.put(MILLISECONDS, entry.milliseconds());
        headers.put(ASKED, Integer.toString(validation.calls() - askedBefore));
        live.ifPresent(lines -> {
            decisions.awaitReason(entry);
            lines.print(entry, decisions.withReason(entry));
        });
        String body = passage.body().isEmpty() ? "" : passage.body() + "\n";
        return StandInReply.of(passage.status(), headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** What a header can hold of a text: ASCII, and not more than clients take. */
    private static String headerValue(String text) {
        String ascii = text.replaceAll("[^ -~]", "?");
        return ascii.length() <= LONGEST_DECISION
                ? ascii
                : ascii.substring(0, LONGEST_DECISION) + "...";
    }

    /** What a user sets by system properties. */
    private record Options(UnaryOperator<String> properties) {
        int port() {
            String value = setting("port", "3000");
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // The same message as for a number out of range
            }
            throw new IllegalStateException("port must be 0 to 65535, and is " + value);
        }

        /** A directory, relative to the current one where it lies below: curl lines are short. */
        Path directory(String name, String otherwise) {
            Path here = Path.of("").toAbsolutePath();
            Path directory = here.resolve(setting(name, otherwise));
            return directory.startsWith(here) ? here.relativize(directory) : directory;
        }

        boolean isSet(String name) {
            return !setting(name, "false").equals("false");
        }

        /** A system property; unset, empty or an unresolved Maven expression means the default. */
        private String setting(String name, String otherwise) {
            String value = properties.apply(name);
            return value == null || value.isEmpty() || value.startsWith("${") ? otherwise : value;
        }
    }
}
