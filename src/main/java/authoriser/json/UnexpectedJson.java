package authoriser.json;

import java.io.IOException;

/**
 * JSON that is not of the form agreed on. Says what was expected, and nothing of what was there.
 */
public final class UnexpectedJson extends IOException {
    private static final long serialVersionUID = 1L;

    /** Tells what is wrong. */
    public UnexpectedJson(String problem) {
        super(problem);
    }

    /** Callers' mistakes are no place to walk the stack. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
