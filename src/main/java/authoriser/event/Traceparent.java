package authoriser.event;

/** Checks the form of a {@code traceparent} header (W3C Trace Context, section 3.2). */
final class Traceparent {
    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = TRACE_ID + 32 + 1;
    private static final int FLAGS = PARENT_ID + 16 + 1;
    private static final int LENGTH = FLAGS + 2;

    /** A later version may be longer; a value longer than this is not passed on. */
    private static final int LONGEST = 512;

    private Traceparent() {}

    /**
     * Whether a value is well-formed: {@code 00-TRACE_ID-PARENT_ID-FLAGS} in lower-case hexadecimal
     * digits with ids that are not zero, or a later version that begins so.
     */
    static boolean isWellFormed(String value) {
        if (value.length() < LENGTH || value.length() > LONGEST) {
            return false;
        }
        boolean first = value.startsWith("00-");
        return isHex(value, 0, 2)
                && !value.startsWith("ff")
                && value.charAt(TRACE_ID - 1) == '-'
                && isId(value, TRACE_ID, PARENT_ID - 1)
                && value.charAt(PARENT_ID - 1) == '-'
                && isId(value, PARENT_ID, FLAGS - 1)
                && value.charAt(FLAGS - 1) == '-'
                && isHex(value, FLAGS, LENGTH)
                && (value.length() == LENGTH || (!first && isContinued(value)));
    }

    private static boolean isContinued(String value) {
        for (int i = LENGTH; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return value.charAt(LENGTH) == '-';
    }

    private static boolean isId(String value, int from, int to) {
        boolean zero = true;
        for (int i = from; i < to; i++) {
            zero &= value.charAt(i) == '0';
        }
        return !zero && isHex(value, from, to);
    }

    private static boolean isHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }
}
