package authoriser.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Our evaluator, and an IAM simulator of others over the same policies and requests. The
 * simulator's judgements are in a file, which {@code judge.mjs} beside it writes.
 */
class PolicyComparisonTest {
    private static final Path JUDGED =
            Path.of("src", "test", "resources", "policies", "judged.json");

    @Test
    void eachRequestIsJudgedAsTheSimulatorJudgesIt() throws IOException {
        JsonNode judged = TestJson.read(Files.readAllBytes(JUDGED));
        Instant now = Instant.parse(judged.get("now").textValue());
        Map<String, Integer> counts = new TreeMap<>();
        for (JsonNode one : judged.get("cases")) {
            for (Map.Entry<String, JsonNode> request : one.get("requests").properties()) {
                String theirs = request.getValue().textValue();
                JsonNode policy = one.get("policy");
                assertEquals(
                        theirs,
                        PolicyEvaluator.evaluate(policy, request.getKey(), now).name(),
                        () -> request.getKey() + " by " + policy);
                counts.merge(theirs, 1, Integer::sum);
            }
        }

        assertEquals(Map.of("ALLOW", 292, "EXPLICIT_DENY", 176, "IMPLICIT_DENY", 649), counts);
    }
}
