package authoriser.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the host that is asked with the subject alternative names of a certificate, as RFC 9525
 * section 6.3 says. The JDK also takes {@code w*.example.com}, and the common name of a certificate
 * without names.
 */
public final class PeerNames {
    private static final Integer DNS_NAME = 2;

    private PeerNames() {}

    /** What the names of a certificate say about a host. */
    enum Match {
        THIS_HOST,
        OTHER_HOSTS,
        NO_HOST
    }

    /** Whether a host is an IPv4 or IPv6 address, the latter with or without brackets. */
    public static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || consistsOf(host, '.', '9');
    }

    private static boolean consistsOf(String text, char first, char last) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < first || text.charAt(i) > last) {
                return false;
            }
        }
        return true;
    }

    /** Compares a host's name, which may end in a dot, with a certificate's names. */
    static Match match(X509Certificate certificate, @Nullable String host)
            throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        Match match = Match.NO_HOST;
        if (names != null && host != null) {
            String sought = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
            for (List<?> name : names) {
                if (DNS_NAME.equals(name.get(0))) {
                    if (isName(sought, (String) name.get(1))) {
                        return Match.THIS_HOST;
                    }
                    match = Match.OTHER_HOSTS;
                }
            }
        }
        return match;
    }

    private static boolean isName(String host, String name) {
        if (!name.startsWith("*.")) {
            return name.equalsIgnoreCase(host);
        }
        int dot = host.indexOf('.'); // the wildcard stands for one label
        return dot > 0 && name.substring(1).equalsIgnoreCase(host.substring(dot));
    }
}
