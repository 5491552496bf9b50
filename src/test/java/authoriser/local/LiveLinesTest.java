package authoriser.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.local.RestApi.DecidedBy;
import authoriser.local.RestApi.Passage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line for each decision, with the function's own reason. */
class LiveLinesTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final LogLines lines = new LogLines();
    private final Decisions decisions = new Decisions(lines);

    @Test
    void aLineHasTimeRequestStatusDecisionWhatDecidedAndMilliseconds() {
        assertEquals(
                " 12:00:00  GET /orders                              "
                        + "403  deny token_expired, function, 2.5 ms\n",
                line(false, "GET /orders", passage(403, "deny token_expired")));
    }

    @Test
    void the401ThatHasNoReasonGetsThatOfTheLogLine() {
        lines.accept("{\"apiRequestId\":\"r1\",\"reason\":\"token_key_unknown\"}");

        assertEquals(
                " 12:00:00  GET /orders                              "
                        + "401  unauthorized token_key_unknown, function, 2.5 ms\n",
                line(false, "GET /orders", passage(401, "unauthorized")));
    }

    @ParameterizedTest
    @CsvSource({"allow, allowed", "deny token_expired, token_expired"})
    void aReasonThatIsSaidIsNotRepeated(String decision, String reason) {
        lines.accept("{\"apiRequestId\":\"r1\",\"reason\":\"" + reason + "\"}");

        Passage passage = passage(200, decision);

        assertEquals(decision, decisions.withReason(decisions.add(Instant.EPOCH, "", passage)));
    }

    @ParameterizedTest
    @CsvSource({"200, 32", "204, 32", "401, 33", "403, 33", "500, 31"})
    void onATerminalTheStatusHasAColour(int status, String colour) {
        assertEquals(
                " 12:00:00  GET /orders                              \u001b["
                        + colour
                        + "m"
                        + status
                        + "  allow\u001b[0m, function, 2.5 ms\n",
                line(true, "GET /orders", passage(status, "allow")));
    }

    @Test
    void noTextOfARequestControlsTheTerminal() {
        assertEquals(
                " 12:00:00  GET /\\u001b[31m                          "
                        + "200  deny \\u009b31m\\u000a, function, 2.5 ms\n",
                line(false, "GET /\u001b[31m", passage(200, "deny \u009b31m\n")));
    }

    private String line(boolean colour, String request, Passage passage) {
        Decisions.Entry entry =
                decisions.add(Instant.parse("2026-03-01T12:00:00Z"), request, passage);
        decisions.awaitReason(entry);
        new LiveLines(new PrintStream(printed, true, UTF_8), colour, ZoneOffset.UTC)
                .print(entry, decisions.withReason(entry));
        return printed.toString(UTF_8);
    }

    private static Passage passage(int status, String decision) {
        return new Passage(
                "r1",
                status,
                Map.of(),
                "",
                decision,
                DecidedBy.FUNCTION,
                Optional.empty(),
                Duration.ofNanos(2_500_000));
    }
}
