package authoriser.trust;

import java.io.Serial;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** The reason why a peer's certificates are refused. It contains no part of them. */
public final class UntrustedPeer extends CertificateException {
    @Serial private static final long serialVersionUID = 1;

    private final String detail;

    UntrustedPeer(String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.detail = detail;
    }

    /** The reason as a sentence without a full stop. */
    public String detail() {
        return detail;
    }
}
