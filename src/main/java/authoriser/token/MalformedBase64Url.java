package authoriser.token;

import java.io.IOException;

/** Reports text that is not canonical base64url. It contains no part of the text. */
final class MalformedBase64Url extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedBase64Url() {
        super("not canonical base64url");
    }

    /** Callers can cause this with each request, so no stack trace is made. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
