package authoriser.trust;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the host of a connection with the subject alternative names of a certificate, as RFC
 * 9525 sections 6.3 and 6.5 say.
 *
 * <p>The JDK would also accept {@code w*.example.com}, and the common name of a certificate without
 * subject alternative names. For each check it would also read all public authorities and, for
 * wildcards, its list of public suffixes.
 */
public final class PeerNames {
    /** Kinds of names, RFC 5280 section 4.2.1.6. */
    private static final Integer DNS_NAME = 2;

    private static final Integer IP_ADDRESS = 7;

    private PeerNames() {}

    /** The result of comparing a host with the names of a certificate. */
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

    /**
     * Compares a host with a certificate's names.
     *
     * @param host a name, which may end in a dot, or an address
     */
    static Match match(X509Certificate certificate, @Nullable String host)
            throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null || host == null) {
            return Match.NO_HOST;
        }
        return isAddress(host) ? matchAddress(names, host) : matchName(names, host);
    }

    private static Match matchName(Collection<List<?>> names, String host) {
        String sought = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        Match match = Match.NO_HOST;
        for (List<?> name : names) {
            if (DNS_NAME.equals(name.get(0))) {
                if (isName(sought, (String) name.get(1))) {
                    return Match.THIS_HOST;
                }
                match = Match.OTHER_HOSTS;
            }
        }
        return match;
    }

    /** Compares addresses as numbers: an IPv6 address has several texts. */
    private static Match matchAddress(Collection<List<?>> names, String host) {
        InetAddress sought = address(host);
        for (List<?> name : names) {
            if (sought != null
                    && IP_ADDRESS.equals(name.get(0))
                    && sought.equals(address((String) name.get(1)))) {
                return Match.THIS_HOST;
            }
        }
        return Match.OTHER_HOSTS;
    }

    /** Parses an address; null if the text is not one, such as an address with a mask. */
    private static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isName(String host, String name) {
        if (!name.startsWith("*.")) {
            return name.equalsIgnoreCase(host);
        }
        int dot = host.indexOf('.'); // the wildcard matches one label
        return dot > 0 && name.substring(1).equalsIgnoreCase(host.substring(dot));
    }
}
