package authoriser.json;

import java.io.IOException;

/** JSON that does not have the expected form. The message holds no part of the document. */
public final class UnexpectedJson extends IOException {
    private static final long serialVersionUID = 1L;

    /** Describes what is wrong. */
    public UnexpectedJson(String problem) {
        super(problem);
    }

    /** Records no stack trace, because callers can cause this exception often. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
