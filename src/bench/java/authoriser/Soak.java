package authoriser;

import authoriser.standin.StandInReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures whether memory has a limit: one process by the function's bootstrap, and a validation
 * service that ends each TLS connection after its answer, so that every decision makes a new one.
 */
final class Soak {
    private static final List<Integer> MARKS =
            List.of(100, 1_000, 2_000, 4_000, 8_000, 12_000, 16_000, 20_000);
    private static final Map<String, String> CLOSE =
            Map.of("Content-Type", "application/json", "Connection", "close");
    private static final byte[] ALLOWED = "{\"allowed\":true}".getBytes(StandardCharsets.US_ASCII);

    private Soak() {}

    static void print(Path function) throws IOException {
        Benchmarks.heading("Memory by the number of TLS connections made and ended, in MiB");
        System.out.println("connections   resident   most so far");
        try (StandIns standIns =
                new StandIns.Maker(Files.createTempDirectory("soak")).overHttps()) {
            standIns.validation().validate().always(StandInReply.of(200, CLOSE, ALLOWED));
            byte[] event = standIns.event();
            try (var measured =
                    MeasuredFunction.start(function.resolve("bootstrap"), standIns.settings())) {
                for (int i = 1; i <= MARKS.getLast(); i++) {
                    measured.allow(event);
                    if (MARKS.contains(i)) {
                        System.out.printf(
                                Locale.ROOT,
                                "%11d %10.0f %13.0f%n",
                                i,
                                measured.usage().residentMebibytes(),
                                measured.usage().peakMebibytes());
                    }
                }
            }
            System.out.println("questions that the service saw: " + standIns.validation().calls());
        }
    }
}
