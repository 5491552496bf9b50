package authoriser.local;

import authoriser.local.RestApi.DecidedBy;
import authoriser.local.RestApi.Passage;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The last decisions of the REST API, each with the function's own reason. */
final class Decisions {
    /** How many are kept. */
    static final int KEPT = 50;

    /** The function's answer and its log line come by different ways. */
    private static final Duration LINE_LIMIT = Duration.ofSeconds(1);

    private final LogLines lines;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private int count;

    Decisions(LogLines lines) {
        this.lines = lines;
    }

    /**
     * A decision.
     *
     * @param number counts from 1
     * @param request method and path
     */
    record Entry(int number, Instant time, String request, Passage passage) {
        int status() {
            return passage.status();
        }

        String by() {
            return passage.by().name().toLowerCase(Locale.ROOT);
        }

        String milliseconds() {
            return String.format(Locale.ROOT, "%.1f", passage.time().toNanos() / 1e6);
        }
    }

    /** Keeps a decision. */
    synchronized Entry add(Instant time, String request, Passage passage) {
        Entry entry = new Entry(++count, time, request, passage);
        entries.addFirst(entry);
        if (entries.size() > KEPT) {
            entries.removeLast();
        }
        return entry;
    }

    /** Those that are kept, newest first. */
    synchronized List<Entry> newestFirst() {
        return List.copyOf(entries);
    }

    /** The function's log line about a decision, if it made it and has printed the line. */
    Optional<JsonNode> line(Entry entry) {
        return lines.find(entry.passage().requestId());
    }

    /**
     * The decision with the function's own reason. An answer with status 401 holds none, so this
     * waits for the log line.
     */
    String withReason(Entry entry) {
        Passage passage = entry.passage();
        boolean reasonIsMissing = passage.by() == DecidedBy.FUNCTION && passage.status() == 401;
        Optional<JsonNode> line =
                reasonIsMissing
                        ? lines.await(passage.requestId(), LINE_LIMIT)
                        : lines.find(passage.requestId());
        String reason = line.map(found -> found.path("reason").asText()).orElse("");
        boolean said =
                reason.isEmpty() || reason.equals("allowed") || passage.decision().contains(reason);
        return said ? passage.decision() : passage.decision() + " " + reason;
    }
}
