package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log line is found by API Gateway's id of the request. */
class LogLinesTest {
    private final LogLines lines = new LogLines();

    @Test
    void aLineIsFoundByItsRequest() {
        lines.accept("{\"apiRequestId\":\"r1\",\"reason\":\"token_expired\"}");

        assertEquals("token_expired", lines.find("r1").orElseThrow().path("reason").asText());
        assertTrue(lines.find("r2").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "{", "{\"reason\":\"allowed\"}", "[1]", "{\"a\":"})
    void whatIsNoLineAboutARequestIsLeftOut(String text) {
        lines.accept(text);

        assertTrue(lines.find("").isEmpty());
    }

    @Test
    void aLineThatArrivesLaterIsWaitedFor() {
        CompletableFuture<String> reason =
                CompletableFuture.supplyAsync(() ->
                        lines.await("r1", Duration.ofMinutes(1))
                                .orElseThrow()
                                .path("reason")
                                .asText());

        lines.accept("{\"apiRequestId\":\"r1\",\"reason\":\"token_expired\"}");

        assertEquals("token_expired", reason.join());
    }

    @Test
    void aLineThatDoesNotArriveIsNotWaitedForForever() {
        assertTrue(lines.await("r1", Duration.ofMillis(1)).isEmpty());
    }

    @Test
    void theOldestLinesAreForgotten() {
        for (int i = 0; i <= 200; i++) {
            lines.accept("{\"apiRequestId\":\"r" + i + "\"}");
        }

        assertTrue(lines.find("r0").isEmpty());
        assertTrue(lines.find("r1").isPresent());
    }
}
