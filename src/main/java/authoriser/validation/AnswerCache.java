package authoriser.validation;

import authoriser.http.Reply;
import authoriser.time.Ages;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the validation service's answers for as long as the service allows (RFC 9111). An answer is
 * used for a question that is the same in every byte.
 *
 * <p>Limited in number and in bytes; the answer that was used longest ago is dropped first. Safe
 * for several threads.
 */
final class AnswerCache {
    /** The most answers that are kept. */
    static final int ENTRIES_LIMIT = 1_000;

    /** The most bytes of all questions and answers. */
    static final int BYTES_LIMIT = 1024 * 1024;

    /** Questions in ISO 8859-1, one character for each byte, in the order of their last use. */
    @GuardedBy("this")
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private int bytes;

    /** Written under the lock, and read without it: most services never send {@code max-age}. */
    private volatile boolean empty = true;

    /**
     * @param since when the question was asked
     * @param lifetime for how long the answer may be used after that
     * @param bytes the bytes of question and answer
     */
    private record Entry(Verdict verdict, long since, Duration lifetime, int bytes) {}

    /** The answer to this question, if it may still be used; else null. */
    @Nullable Verdict find(byte[] question, long now) {
        if (empty) {
            return null;
        }
        String key = key(question);
        synchronized (this) {
            Entry entry = entries.get(key);
            if (entry == null) {
                return null;
            }
            if (Ages.elapsed(entry.since, now, entry.lifetime)) {
                entries.remove(key);
                bytes -= entry.bytes;
                empty = entries.isEmpty();
                return null;
            }
            return entry.verdict;
        }
    }

    /**
     * Keeps an answer if its headers allow that.
     *
     * @param asked when the question was sent
     */
    void keep(byte[] question, Reply.Answered answer, Verdict verdict, long asked) {
        Duration lifetime = Freshness.lifetime(answer.fields());
        if (lifetime.isZero()) {
            return;
        }
        int size = question.length + answer.body().length;
        if (size > BYTES_LIMIT / 4) {
            return; // one answer must not displace most of the others
        }
        synchronized (this) {
            Entry before = entries.put(key(question), new Entry(verdict, asked, lifetime, size));
            bytes += size - (before == null ? 0 : before.bytes);
            Iterator<Entry> oldest = entries.values().iterator();
            while (entries.size() > ENTRIES_LIMIT || bytes > BYTES_LIMIT) {
                bytes -= oldest.next().bytes;
                oldest.remove();
            }
            empty = false;
        }
    }

    private static String key(byte[] question) {
        return new String(question, StandardCharsets.ISO_8859_1);
    }
}
