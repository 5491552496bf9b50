package authoriser.http;

/** What came of a call. */
public sealed interface Reply {

    /**
     * A whole answer; a redirect is one, too, and is not followed.
     *
     * @param status the status code, 200 to 599
     * @param body the body, empty where there was none, at most {@link HttpClient#BODY_LIMIT} bytes
     * @param challenged whether there was a {@code WWW-Authenticate} header (RFC 9110 section
     *     11.6.1)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answered(int status, byte[] body, boolean challenged) implements Reply {
        /** An answer without a {@code WWW-Authenticate} header. */
        public Answered(int status, byte[] body) {
            this(status, body, false);
        }

        /** Whether the status is 200 to 299. */
        public boolean successful() {
            return status >= 200 && status <= 299;
        }
    }

    /**
     * No answer, or not a whole one.
     *
     * @param detail what went wrong and where, for the log: holds the host, never a path or
     *     anything sent
     * @param timeOut whether the deadline ended the wait
     */
    record Failed(String detail, boolean timeOut) implements Reply {
        /** A failure before the deadline. */
        public Failed(String detail) {
            this(detail, false);
        }
    }
}
