package authoriser.trust;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The reason why a trust store cannot be used, with the file and the setting. */
public final class UnusableTrustStore extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private final String detail;

    UnusableTrustStore(String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.detail = detail;
    }

    /** The reason as a sentence without a full stop. */
    public String detail() {
        return detail;
    }
}
