package authoriser;

import authoriser.local.Certificates;
import authoriser.local.Events;
import authoriser.local.FunctionProcess;
import authoriser.local.PretendCognito;
import authoriser.local.PretendValidation;
import authoriser.local.RuntimeApi;
import authoriser.local.SigningKey;
import authoriser.local.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures a cold start: a fresh process by the function's bootstrap, under a Runtime API and
 * against stand-ins on this machine, up to its first Allow.
 *
 * <p>Wall time and processor time come from plain starts. What a start is made of comes from starts
 * whose JVM logs when it initialises which class, on the clock of {@link System#nanoTime}; that log
 * costs some milliseconds itself.
 */
final class ColdStart {
    private static final int ROUNDS = Integer.getInteger("rounds", 10);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern INITIALISED =
            Pattern.compile("\\[(\\d+)ns].*Initializing '([^']+)'");

    /** What ends with the first initialisation of a class, in this order. */
    private static final String[][] PHASES = {
        {"JVM", "com/amazonaws/services/lambda/runtime/api/client/AWSLambda"},
        {"runtime client", "authoriser/AuthoriserHandler"},
        {"settings and wiring", "authoriser/Priming"},
        {"trust store, first connection", "authoriser/http/Connection"},
    };

    private final Path bootstrap;
    private final Path work;
    private final Certificates certificates;
    private final SigningKey key = SigningKey.generate("cold+key/1=");

    /** One start, in milliseconds. */
    private record Start(double init, double whole, double processor) {}

    private ColdStart(Path function, Path work) {
        this.bootstrap = function.resolve("bootstrap");
        this.work = work;
        this.certificates = Certificates.create(work);
    }

    static void print(Path function) throws IOException {
        ColdStart cold = new ColdStart(function, Files.createTempDirectory("cold-start"));
        Benchmarks.heading("Cold start, medians of " + ROUNDS + " each, in turn");
        List<Start> https = new ArrayList<>();
        List<Start> http = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            https.add(cold.start(true, "", new HashMap<>()));
            http.add(cold.start(false, "", new HashMap<>()));
        }
        System.out.println("         init ms   to first Allow ms   processor ms");
        cold.print("https", https);
        cold.print("http", http);
        cold.printPhases();
    }

    private void print(String name, List<Start> starts) {
        System.out.printf(
                Locale.ROOT,
                "%-6s %9.1f %19.1f %14.0f%n",
                name,
                median(starts.stream().mapToDouble(Start::init)),
                median(starts.stream().mapToDouble(Start::whole)),
                median(starts.stream().mapToDouble(Start::processor)));
    }

    /** Prints when each phase was done; those between wiring and "ready" run side by side. */
    private void printPhases() throws IOException {
        Map<String, List<Double>> ends = new HashMap<>();
        Path log = work.resolve("init.log");
        for (int i = 0; i < ROUNDS; i++) {
            Map<String, Long> moments = new HashMap<>();
            start(true, "-Xlog:class+init=info:file='" + log + "':timenanos:filecount=0", moments);
            for (String line : Files.readAllLines(log)) {
                Matcher found = INITIALISED.matcher(line);
                if (found.find()) {
                    moments.putIfAbsent(found.group(2), Long.parseLong(found.group(1)));
                }
            }
            Files.delete(log);
            for (String[] phase : PHASES) {
                Long moment = moments.get(phase[1]);
                if (moment != null) {
                    double millis = (moment - moments.get("start")) / 1e6;
                    ends.computeIfAbsent(phase[0], name -> new ArrayList<>()).add(millis);
                }
            }
            for (String name :
                    List.of("keys asked for", "token asked for", "ready", "first Allow")) {
                double millis = (moments.get(name) - moments.get("start")) / 1e6;
                ends.computeIfAbsent(name, key -> new ArrayList<>()).add(millis);
            }
        }
        Benchmarks.heading("What a cold start over https is made of: when each is done, in ms");
        ends.entrySet().stream()
                .map(entry ->
                        Map.entry(
                                entry.getKey(),
                                median(entry.getValue().stream().mapToDouble(Double::doubleValue))))
                .sorted(Map.Entry.comparingByValue())
                .forEach(entry ->
                        System.out.printf(
                                Locale.ROOT, "%-30s %7.1f%n", entry.getKey(), entry.getValue()));
    }

    private Start start(boolean tls, String jvmOptions, Map<String, Long> moments) {
        try (var cognito =
                        tls ? PretendCognito.start(certificates, key) : PretendCognito.start(key);
                var validation =
                        tls
                                ? PretendValidation.start(certificates, cognito)
                                : PretendValidation.start(cognito);
                var lambda = RuntimeApi.start()) {
            byte[] event = Events.rest(cognito.tokens(InstantSource.system()).access());
            AtomicLong ready = new AtomicLong();
            lambda.ready().thenRun(() -> ready.set(System.nanoTime()));
            long start = System.nanoTime();
            try (var process =
                    FunctionProcess.start(
                            bootstrap, lambda, settings(cognito, validation, jvmOptions))) {
                if (!(lambda.invoke(event, LIMIT) instanceof RuntimeApi.Answered answer)
                        || !new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8)
                                .contains("\"Allow\"")) {
                    throw new IllegalStateException("no Allow\n" + process.output());
                }
                long end = System.nanoTime();
                Duration processor =
                        ProcessHandle.of(process.pid())
                                .flatMap(handle -> handle.info().totalCpuDuration())
                                .orElse(Duration.ZERO);
                moments.put("start", start);
                moments.put("keys asked for", cognito.jwks().firstCall());
                moments.put("token asked for", cognito.token().firstCall());
                moments.put("ready", ready.get());
                moments.put("first Allow", end);
                return new Start(
                        (ready.get() - start) / 1e6, (end - start) / 1e6, processor.toMillis());
            }
        }
    }

    private Map<String, String> settings(
            PretendCognito cognito, PretendValidation validation, String jvmOptions) {
        Map<String, String> settings = new HashMap<>();
        settings.put("CognitoIssuer", cognito.issuer());
        settings.put("CognitoClientIds", Tokens.CLIENT_ID);
        settings.put("ValidatedHeaders", "X-Tenant-Id,X-Channel");
        settings.put("ValidationServiceUrl", validation.url());
        settings.put("ValidationServiceTokenUrl", cognito.tokenUrl());
        settings.put("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
        settings.put("ValidationServiceClientSecretValue", PretendCognito.SERVICE_CLIENT_SECRET);
        settings.put(
                "JAVA_TOOL_OPTIONS",
                String.join(" ", certificates.jvmOptions()) + " " + jvmOptions);
        return settings;
    }

    private static double median(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
