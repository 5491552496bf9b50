package authoriser.http;

import org.jspecify.annotations.Nullable;

/** Collects the headers of a response that are read: the members of {@link Reply.Fields}. */
final class ResponseFields {
    private @Nullable String wwwAuthenticate;
    private @Nullable String cacheControl;
    private @Nullable String age;
    private @Nullable String vary;
    private boolean any;

    /** Keeps a header line if it is one of these; its name ends at {@code colon}. */
    void take(String line, int colon) {
        if (ResponseReader.named(line, colon, "www-authenticate")) {
            wwwAuthenticate = joined(wwwAuthenticate, line, colon);
        } else if (ResponseReader.named(line, colon, "cache-control")) {
            cacheControl = joined(cacheControl, line, colon);
        } else if (ResponseReader.named(line, colon, "age")) {
            age = joined(age, line, colon);
        } else if (ResponseReader.named(line, colon, "vary")) {
            vary = joined(vary, line, colon);
        }
    }

    /** Forgets all headers, before the next response. */
    void clear() {
        if (any) {
            any = false;
            wwwAuthenticate = null;
            cacheControl = null;
            age = null;
            vary = null;
        }
    }

    /** The headers that were kept. */
    Reply.Fields taken() {
        return any ? new Reply.Fields(wwwAuthenticate, cacheControl, age, vary) : Reply.Fields.NONE;
    }

    private String joined(@Nullable String before, String line, int colon) {
        any = true;
        String value = line.substring(colon + 1).strip();
        return before == null ? value : before + "," + value;
    }
}
