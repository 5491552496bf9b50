package authoriser.http;

/** What came of a call. */
public sealed interface Reply {

    /**
     * A whole answer; a redirect is one, too, and is not followed.
     *
     * @param status the status code, 200 to 599
     * @param body the body, empty where there was none, at most {@link HttpClient#BODY_LIMIT} bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answered(int status, byte[] body) implements Reply {
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
     */
    record Failed(String detail) implements Reply {}
}
