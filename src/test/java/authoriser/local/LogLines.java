package authoriser.local;

import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The function's latest log lines, by API Gateway's id of the request that each is about. */
final class LogLines {
    /** More than the requests that are shown, and those that are made meanwhile. */
    private static final int KEPT = 200;

    private final Map<String, JsonNode> lines =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
                    return size() > KEPT;
                }
            };

    /** Takes what the function printed. What is not about a request is left out. */
    void accept(String text) {
        if (!text.startsWith("{")) {
            return;
        }
        JsonNode line;
        try {
            line = TestJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (UncheckedIOException e) {
            return;
        }
        String requestId = line.path("apiRequestId").asText();
        if (!requestId.isEmpty()) {
            keep(requestId, line);
        }
    }

    private synchronized void keep(String requestId, JsonNode line) {
        lines.put(requestId, line);
        notifyAll();
    }

    /** The line about a request, if it has been printed. */
    synchronized Optional<JsonNode> find(String requestId) {
        return Optional.ofNullable(lines.get(requestId));
    }

    /**
     * The line about a request, which may arrive after the function's answer; empty if it does not
     * within the limit.
     */
    synchronized Optional<JsonNode> await(String requestId, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!lines.containsKey(requestId)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return Optional.empty();
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return find(requestId);
    }
}
