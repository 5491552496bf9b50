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

    /** Waits for the log line of a decision whose answer has no reason: one with status 401. */
    void awaitReason(Entry entry) {
        if (entry.passage().by() == DecidedBy.FUNCTION && entry.status() == 401) {
            lines.await(entry.passage().requestId(), LINE_LIMIT);
        }
    }

    /** The decision with the reason of the function's log line, if that has been printed. */
    String withReason(Entry entry) {
        String decision = entry.passage().decision();
        String reason = line(entry).map(line -> line.path("reason").asText()).orElse("");
        boolean said = reason.isEmpty() || reason.equals("allowed") || decision.contains(reason);
        return said ? decision : decision + " " + reason;
    }
}
