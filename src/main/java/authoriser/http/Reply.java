package authoriser.http;

import org.jspecify.annotations.Nullable;

/** The result of a request: an answer or a failure. */
public sealed interface Reply {

    /** The kind: the compiler checks that a {@code switch} expression over it has every case. */
    Kind kind();

    /** The kinds, one for each of the types below. */
    enum Kind {
        ANSWERED,
        FAILED
    }

    /**
     * A complete answer, of whatever status. A redirect is one as well; it is not followed.
     *
     * @param status the status code, 200 to 599
     * @param body the body, empty where there was none, at most {@link HttpClient#BODY_LIMIT} bytes
     * @param fields the headers that are read
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answered(int status, byte[] body, Fields fields) implements Reply {
        /** An answer without any of these headers. */
        public Answered(int status, byte[] body) {
            this(status, body, Fields.NONE);
        }

        /** Whether the status is 200 to 299. */
        public boolean successful() {
            return status >= 200 && status <= 299;
        }

        @Override
        public Kind kind() {
            return Kind.ANSWERED;
        }
    }

    /**
     * The headers of an answer that are read; null where there is none. Several fields of one name
     * are joined by commas (RFC 9110 section 5.3).
     *
     * @param wwwAuthenticate {@code WWW-Authenticate}, a challenge (RFC 9110 section 11.6.1)
     * @param cacheControl {@code Cache-Control} (RFC 9111 section 5.2)
     * @param age {@code Age} (RFC 9111 section 5.1)
     * @param vary {@code Vary} (RFC 9110 section 12.5.5)
     */
    record Fields(
            @Nullable String wwwAuthenticate,
            @Nullable String cacheControl,
            @Nullable String age,
            @Nullable String vary) {
        /** No such header. */
        public static final Fields NONE = new Fields(null, null, null, null);
    }

    /**
     * No answer, or an incomplete one.
     *
     * @param detail what went wrong, for the log: it has the host, and no path and no part of the
     *     request
     * @param timeOut whether the deadline passed
     * @param status whether the status was received, and reading the rest failed other than by a
     *     time-out
     */
    record Failed(String detail, boolean timeOut, boolean status) implements Reply {
        /** A failure without a status. */
        public Failed(String detail, boolean timeOut) {
            this(detail, timeOut, false);
        }

        /** A failure before the deadline, without a status. */
        public Failed(String detail) {
            this(detail, false);
        }

        @Override
        public Kind kind() {
            return Kind.FAILED;
        }
    }
}
