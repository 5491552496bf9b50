package authoriser.plots;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The data of the plots on cost, which {@code src/docs/cost} computes. */
public final class CostScript {
    private CostScript() {}

    /** The lines that {@code src/docs/cost --csv} prints. */
    public static List<String> csv(String what) {
        try {
            Process script = new ProcessBuilder("src/docs/cost", "--csv", what).start();
            try (var output = script.inputReader(StandardCharsets.UTF_8)) {
                return output.lines().toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
