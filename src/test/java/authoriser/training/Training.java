package authoriser.training;

import authoriser.lambda.FunctionDirectory;
import authoriser.lambda.FunctionProcess;
import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.Certificates;
import authoriser.standin.Events;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the function's start-up archive, a JDK AOT cache (JEP 483, 514), and proves that it works.
 *
 * <p>{@code Training [--check] DIRECTORY [JAVA_HOME]}: starts the function by its bootstrap, has it
 * decide about requests of every kind over TLS, and ends it by SIGTERM, on which the JVM writes the
 * archive. Then the function starts again, and the JVM's own log must say that the archive fits the
 * class path, that nearly all classes come out of it, and that it holds no machine code which the
 * JVM would run on a processor other than this one. With {@code --check} only the second half runs.
 *
 * <p>What it makes, and what it makes it from, can be read by every user afterwards.
 *
 * <p>An archive that fails is deleted: a JVM starts with a bad one as well, only slower, or, before
 * JDK 25.0.4, with classes of jars that have since changed (JDK-8377932).
 */
public final class Training {
    private static final String CLASS_PATH_FITS = "Archived app classpath validation: passed";

    /** The size of the archive's region for machine code, in the log of the JVM that writes it. */
    private static final Pattern MACHINE_CODE_SIZE = Pattern.compile("\\(ac\\).*: +(\\d+) bytes");

    /** In the log of a JVM that loads machine code from the archive. */
    private static final String MACHINE_CODE_LOADED = "AOT code entries from AOT Code Cache";

    // long enough for a build under emulation (docker build --platform)
    private static final Duration INVOCATION_LIMIT = Duration.ofMinutes(2);
    private static final Duration EXIT_LIMIT = Duration.ofMinutes(30);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

    /** 128 and the number of SIGTERM: the JVM has ended in good order. */
    private static final int TERMINATED = 143;

    private static final String ALLOW = "Allow";
    private static final String ERROR = "Error";

    private static final double LEAST_SHARE = 0.95;

    /**
     * So many that the JIT compiles all that a request goes through: the archive tells what it
     * compiled (JEP 515), and the function's JVM does so at once instead of counting calls first.
     */
    private static final int REQUESTS = 8000;

    /** Loads machine code even where the launch line says no; it outranks the launch line, too. */
    private static final String MACHINE_CODE_ALLOWED =
            "-XX:+UnlockDiagnosticVMOptions -XX:+AOTAdapterCaching -XX:+AOTStubCaching";

    /**
     * So late that what only the start goes through is not compiled, and so not told. They stand in
     * the variable that outranks the launch line, which has thresholds of its own.
     */
    private static final String LATE_COMPILATION =
            "-XX:Tier3InvocationThreshold=5000 -XX:Tier3MinInvocationThreshold=5000"
                    + " -XX:Tier3CompileThreshold=5000 -XX:Tier3BackEdgeThreshold=150000";

    private final Path function;
    private final Path javaHome;
    private final Path work;
    private final Path archive;
    private final Path inputs;

    private Training(Path function, Path javaHome, Path work) {
        this.function = function;
        this.javaHome = javaHome;
        this.work = work;
        this.archive = function.resolve("authoriser.aot");
        this.inputs = function.resolve("authoriser.aot.inputs");
    }

    public static void main(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean checkOnly = words.remove("--check");
        if (words.isEmpty() || words.size() > 2) {
            System.err.println("usage: Training [--check] DIRECTORY [JAVA_HOME]");
            System.exit(2);
        }
        Path function = Path.of(words.getFirst()).toRealPath();
        Path javaHome = Path.of(words.size() == 2 ? words.get(1) : System.getProperty("java.home"));
        try {
            System.out.println(
                    "Start-up archive: " + prove(function, javaHome, checkOnly ? 0 : REQUESTS));
        } catch (IllegalStateException e) {
            System.err.println("No start-up archive: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Says what the archive is worth, and deletes it unless it is good.
     *
     * @param requests the good requests of a new training, besides one of every kind; with 0 the
     *     archive is checked as it is
     */
    static String prove(Path function, Path javaHome, int requests) throws IOException {
        Path work = Files.createTempDirectory("training");
        var training = new Training(function, javaHome, work);
        boolean proven = false;
        try {
            if (requests > 0) {
                training.train(requests);
            }
            String summary = training.check();
            proven = true;
            return summary;
        } finally {
            if (!proven) {
                Files.deleteIfExists(training.archive);
            }
            delete(work);
        }
    }

    /** Starts, decides, ends, and so leaves an archive of what was loaded on the way. */
    private void train(int requests) throws IOException {
        Files.deleteIfExists(archive);
        FunctionDirectory.openToAll(function);
        Path assemblyLog = work.resolve("assembly.log");
        String output =
                run(
                        requests,
                        List.of("-XX:AOTCacheOutput='" + archive + "'"),
                        Map.of(
                                "_JAVA_OPTIONS",
                                LATE_COMPILATION,
                                // For the JVM that puts the archive together when the function has
                                // ended
                                "JDK_AOT_VM_OPTIONS",
                                log("class+path=info,aot=info", assemblyLog)));
        if (!Files.exists(archive)) {
            throw new IllegalStateException("the JVM has written none\n" + output);
        }
        String assembly = Files.readString(assemblyLog);
        if (!assembly.contains(CLASS_PATH_FITS)) {
            throw new IllegalStateException("the class path changed while it was written");
        }
        if (!checksProcessor() && !holdsNoMachineCode(assembly)) {
            throw new IllegalStateException(
                    "it holds machine code, or the JVM does not say that it holds none");
        }
        Files.writeString(inputs, digests());
        FunctionDirectory.openToAll(function);
    }

    /** Starts and decides again, and tells how much of that came out of the archive. */
    private String check() throws IOException {
        if (!Files.exists(archive) || !Files.exists(inputs)) {
            throw new IllegalStateException("there is none at " + archive);
        }
        if (!Files.readString(inputs).equals(digests())) {
            throw new IllegalStateException("files have changed since it was written");
        }
        Path startLog = work.resolve("start.log");
        Path classLog = work.resolve("classes.log");
        run(
                0,
                // With "on", the JVM refuses to start where it would silently do without
                List.of(
                        "-XX:AOTMode=on",
                        log("class+path=info,aot+codecache+init=info", startLog),
                        "-Xlog:class+load=info:file='" + classLog + "':none:filecount=0"),
                checksProcessor() ? Map.of() : Map.of("_JAVA_OPTIONS", MACHINE_CODE_ALLOWED));
        String start = Files.readString(startLog);
        if (!checksProcessor() && start.contains(MACHINE_CODE_LOADED)) {
            throw new IllegalStateException("it holds machine code");
        }
        if (!start.contains(CLASS_PATH_FITS) && comparesClassPath()) {
            throw new IllegalStateException("it doesn't fit the class path:\n" + start);
        }
        return summary(Files.readAllLines(classLog));
    }

    private String summary(List<String> classLog) throws IOException {
        List<String> loaded = classLog.stream().filter(line -> line.contains(" source: ")).toList();
        List<String> missed =
                loaded.stream()
                        .filter(line -> !line.contains(" source: shared objects file"))
                        .toList();
        double share = 1 - (double) missed.size() / loaded.size();
        String summary =
                "%.1f MB, %.1f %% of %d classes come from it"
                        .formatted(Files.size(archive) / 1e6, 100 * share, loaded.size());
        if (!(share >= LEAST_SHARE)) {
            throw new IllegalStateException(summary + "; not these:\n" + String.join("\n", missed));
        }
        return summary;
    }

    /** Whether the archive is written without a single byte of machine code. */
    private static boolean holdsNoMachineCode(String assembly) {
        Matcher region = MACHINE_CODE_SIZE.matcher(assembly);
        return region.find() && region.group(1).equals("0");
    }

    /**
     * Whether the function's JVM compares the class path with the archive's. OpenJDK does from
     * 25.0.4 on (JDK-8377932); what goes before is left to {@link #digests()}.
     */
    private boolean comparesClassPath() throws IOException {
        return version().compareTo(Runtime.Version.parse("25.0.4")) >= 0;
    }

    /**
     * Whether machine code in an archive does no harm on another processor. From 25.0.5 on, OpenJDK
     * 25 archives none (JDK-8388703), and from 27 on the JVM compares the processors. The bootstrap
     * decides by the same versions.
     */
    private boolean checksProcessor() throws IOException {
        Runtime.Version version = version();
        return version.feature() == 25
                ? version.compareTo(Runtime.Version.parse("25.0.5")) >= 0
                : version.feature() >= 27;
    }

    /** The version of the function's JVM; one that it does not state is taken for the oldest. */
    private Runtime.Version version() throws IOException {
        var release = new Properties();
        Path file = javaHome.resolve("release");
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                release.load(in);
            }
        }
        return Runtime.Version.parse(release.getProperty("JAVA_VERSION", "25").replace("\"", ""));
    }

    /** Digests of all that the archive was made from, as {@code sha256sum --check} reads them. */
    private String digests() throws IOException {
        StringBuilder lines = new StringBuilder();
        try (Stream<Path> files = Files.walk(function)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.equals(archive) && !file.equals(inputs)) {
                    lines.append(sha256(file))
                            .append("  ")
                            .append(function.relativize(file))
                            .append('\n');
                }
            }
        }
        return lines.toString();
    }

    private static String sha256(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static String log(String what, Path file) {
        return "-Xlog:" + what + ":file='" + file + "'";
    }

    /**
     * Lets the function decide about every sample and then about as many good requests as asked
     * for, each with a token of its own, and returns what it printed.
     */
    private String run(int requests, List<String> jvmOptions, Map<String, String> variables) {
        var certificates = Certificates.asDeployed(work);
        var key = SigningKey.generate("training+key/1=");
        try (var cognito = PretendCognito.start(certificates, key);
                var validation = PretendValidation.start(certificates, cognito);
                var secrets =
                        PretendSecretsManager.start(
                                certificates, PretendCognito.SERVICE_CLIENT_SECRET);
                var lambda = RuntimeApi.start()) {
            Map<String, String> environment = settings(cognito, validation, secrets);
            environment.put("JAVA_HOME", javaHome.toString());
            environment.put(
                    "JAVA_TOOL_OPTIONS",
                    String.join(" ", certificates.jvmOptions())
                            + " "
                            + String.join(" ", jvmOptions));
            environment.putAll(variables);
            Path bootstrap = function.resolve("bootstrap");
            try (var process = FunctionProcess.start(bootstrap, lambda, environment)) {
                try {
                    for (Sample sample : samples(cognito, key)) {
                        decide(sample, lambda, validation);
                    }
                    Tokens tokens = cognito.tokens(InstantSource.system());
                    for (int i = 0; i < requests; i++) {
                        byte[] event = Events.rest(tokens.access());
                        decide(new Sample("again", event, ALLOW), lambda, validation);
                    }
                    int status = process.terminate(EXIT_LIMIT);
                    if (status != TERMINATED) {
                        throw new IllegalStateException("the function ended with " + status);
                    }
                    return process.output();
                } catch (IllegalStateException e) {
                    throw new IllegalStateException(e.getMessage() + "\n" + process.output(), e);
                }
            }
        }
    }

    private static void decide(Sample sample, RuntimeApi lambda, PretendValidation validation) {
        if (sample.expected().equals(ERROR)) {
            validation.validate().always(StandInReply.status(503));
        }
        Outcome outcome = lambda.invoke(sample.event(), INVOCATION_LIMIT);
        validation.validate().usually();
        if (!decision(outcome).equals(sample.expected())) {
            throw new IllegalStateException(
                    sample.name() + " should come to " + sample.expected() + ": " + outcome);
        }
    }

    /** Settings that take the function through most of what it can do. */
    private static Map<String, String> settings(
            PretendCognito cognito, PretendValidation validation, PretendSecretsManager secrets) {
        Map<String, String> settings = new HashMap<>();
        // As on Lambda: structured logs, written to a descriptor of their own
        settings.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
        settings.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
        settings.put("_LAMBDA_TELEMETRY_LOG_FD", "2");
        settings.put("CognitoIssuer", cognito.issuer());
        settings.put("CognitoClientIds", Tokens.CLIENT_ID + "," + Tokens.MACHINE_CLIENT_ID);
        settings.put("RequiredScopes", "orders/read");
        settings.put("ScopeRules", "{\"* /admin/*\":[\"admin\"]}");
        settings.put("ValidatedHeaders", "X-Tenant-Id,X-Channel");
        settings.put("ValidationServiceUrl", validation.url());
        settings.put("ValidationServiceTokenUrl", cognito.tokenUrl());
        settings.put("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
        settings.put("ValidationServiceClientSecretArn", PretendSecretsManager.ARN);
        settings.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url());
        settings.put("ValidationServiceScope", "validation/ask");
        settings.put("ValidationServiceTimeoutMs", String.valueOf(CALL_LIMIT.toMillis()));
        return settings;
    }

    /** A request, and the decision that it must get: Allow, a reason to deny, or Error. */
    private record Sample(String name, byte[] event, String expected) {}

    private static List<Sample> samples(PretendCognito cognito, SigningKey key) {
        Tokens tokens = cognito.tokens(InstantSource.system());
        String expired = tokens.access(Tokens.expiringAt(Instant.now().minusSeconds(60)));
        String forged = tokens.signedWith(SigningKey.generate(key.kid())).access();
        String unscoped = tokens.access(Tokens.with("scope", "openid"));
        return List.of(
                new Sample("REST API", Events.rest(tokens.access()), ALLOW),
                new Sample("HTTP API 1.0", Events.httpV1(tokens.machine()), ALLOW),
                new Sample("HTTP API 2.0", Events.httpV2(tokens.access()), ALLOW),
                new Sample("WebSocket API", Events.websocket(tokens.access()), ALLOW),
                new Sample("no token", Events.file("rest-no-token", ""), "token_missing"),
                new Sample("expired", Events.rest(expired), "token_expired"),
                new Sample("forged", Events.rest(forged), "token_signature"),
                new Sample("wrong scope", Events.rest(unscoped), "token_scope"),
                new Sample(
                        "refused",
                        Events.rest(tokens.access(), "X-Tenant-Id", "blocked"),
                        "validation_refused"),
                new Sample("service down", Events.rest(tokens.access()), ERROR),
                new Sample("service back", Events.rest(tokens.access()), ALLOW));
    }

    private static String decision(Outcome outcome) {
        return switch (outcome) {
            case Errored _ -> ERROR;
            case Answered answered -> {
                for (JsonNode statement : answered.json().at("/policyDocument/Statement")) {
                    if (statement.path("Effect").asText().equals("Allow")) {
                        yield ALLOW;
                    }
                }
                yield answered.json().at("/context/reason").asText();
            }
        };
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
