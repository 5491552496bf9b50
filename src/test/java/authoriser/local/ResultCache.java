package authoriser.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * API Gateway's cache of an authoriser's answers, keyed by the values of the identity sources in
 * their order and by nothing else: neither the method nor the path is part of the key.
 */
final class ResultCache {
    private final Duration timeToLive;
    private final InstantSource clock;
    private final Map<List<String>, Entry> entries = new ConcurrentHashMap<>();

    /** A time to live of zero turns the cache off. */
    ResultCache(Duration timeToLive, InstantSource clock) {
        this.timeToLive = timeToLive;
        this.clock = clock;
    }

    private record Entry(AuthoriserAnswer answer, Instant end) {
        boolean freshAt(Instant now) {
            return now.isBefore(end);
        }
    }

    Optional<AuthoriserAnswer> find(List<String> identity) {
        return Optional.ofNullable(entries.get(identity))
                .filter(entry -> entry.freshAt(clock.instant()))
                .map(Entry::answer);
    }

    void keep(List<String> identity, AuthoriserAnswer answer) {
        Instant now = clock.instant();
        entries.values().removeIf(entry -> !entry.freshAt(now));
        entries.put(List.copyOf(identity), new Entry(answer, now.plus(timeToLive)));
    }

    /**
     * An answer that is kept.
     *
     * @param identity the values of the identity sources, of which one is the token
     */
    record Content(List<String> identity, AuthoriserAnswer answer, Duration remaining) {}

    /** What is kept and fresh, the longest remaining first. */
    List<Content> content() {
        Instant now = clock.instant();
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().freshAt(now))
                .map(entry ->
                        new Content(
                                entry.getKey(),
                                entry.getValue().answer(),
                                Duration.between(now, entry.getValue().end())))
                .sorted(Comparator.comparing(Content::remaining).reversed())
                .toList();
    }

    /** Forgets everything, as {@code aws apigateway flush-stage-authorizers-cache} does. */
    void flush() {
        entries.clear();
    }
}
