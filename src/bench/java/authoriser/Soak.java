package authoriser;

import authoriser.local.Certificates;
import authoriser.local.Events;
import authoriser.local.FunctionProcess;
import authoriser.local.PretendCognito;
import authoriser.local.PretendValidation;
import authoriser.local.Reply;
import authoriser.local.RuntimeApi;
import authoriser.local.SigningKey;
import authoriser.local.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures whether memory has a ceiling: one process by the function's bootstrap, and a validation
 * service that ends each TLS connection after its answer, so that every decision makes a new one.
 */
final class Soak {
    private static final List<Integer> MARKS =
            List.of(100, 1_000, 2_000, 4_000, 8_000, 12_000, 16_000, 20_000);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Map<String, String> CLOSE =
            Map.of("Content-Type", "application/json", "Connection", "close");
    private static final byte[] ALLOWED = "{\"allowed\":true}".getBytes(StandardCharsets.US_ASCII);

    private Soak() {}

    static void print(Path function) throws IOException {
        Path work = Files.createTempDirectory("soak");
        Certificates certificates = Certificates.create(work);
        SigningKey key = SigningKey.generate("soak+key/1=");
        Benchmarks.heading("Memory by the number of TLS connections made and ended, in MiB");
        System.out.println("connections   resident   most so far");
        try (var cognito = PretendCognito.start(certificates, key);
                var validation = PretendValidation.start(certificates, cognito);
                var lambda = RuntimeApi.start()) {
            validation.validate().always(Reply.of(200, CLOSE, ALLOWED));
            byte[] event = Events.rest(cognito.tokens(InstantSource.system()).access());
            try (var process =
                    FunctionProcess.start(
                            function.resolve("bootstrap"),
                            lambda,
                            settings(certificates, cognito, validation))) {
                for (int i = 1; i <= MARKS.getLast(); i++) {
                    if (!(lambda.invoke(event, LIMIT) instanceof RuntimeApi.Answered answer)
                            || !new String(answer.body(), StandardCharsets.UTF_8)
                                    .contains("\"Allow\"")) {
                        throw new IllegalStateException("no Allow\n" + process.output());
                    }
                    if (MARKS.contains(i)) {
                        print(i, process.pid());
                    }
                }
            }
            System.out.println("questions that the service saw: " + validation.calls());
        }
    }

    private static void print(int connections, long pid) throws IOException {
        String now = "";
        String most = "";
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                now = line;
            } else if (line.startsWith("VmHWM:")) {
                most = line;
            }
        }
        System.out.printf(
                Locale.ROOT, "%11d %10.0f %13.0f%n", connections, mebibytes(now), mebibytes(most));
    }

    /** Of a line such as {@code VmRSS: 65536 kB}. */
    private static double mebibytes(String line) {
        return Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024.0;
    }

    private static Map<String, String> settings(
            Certificates certificates, PretendCognito cognito, PretendValidation validation) {
        Map<String, String> settings = new HashMap<>();
        settings.put("CognitoIssuer", cognito.issuer());
        settings.put("CognitoClientIds", Tokens.CLIENT_ID);
        settings.put("ValidatedHeaders", "X-Tenant-Id,X-Channel");
        settings.put("ValidationServiceUrl", validation.url());
        settings.put("ValidationServiceTokenUrl", cognito.tokenUrl());
        settings.put("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
        settings.put("ValidationServiceClientSecretValue", PretendCognito.SERVICE_CLIENT_SECRET);
        settings.put("JAVA_TOOL_OPTIONS", String.join(" ", certificates.jvmOptions()));
        return settings;
    }
}
