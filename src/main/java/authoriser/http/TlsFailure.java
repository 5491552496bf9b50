package authoriser.http;

import authoriser.trust.PeerTrust;
import authoriser.trust.UntrustedPeer;
import authoriser.trust.UnusableTrustStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A failure of TLS, described without any data that was sent or received. */
final class TlsFailure extends SSLException {
    @Serial private static final long serialVersionUID = 1;

    /** The text before the name of an alert in the messages of the JDK and of BoringSSL. */
    private static final String[] BEFORE_ALERTS = {
        "Received fatal alert: ", "SSLV3_ALERT_", "TLSV1_ALERT_"
    };

    /** The messages of the JDK and of Conscrypt for a peer that does not speak TLS. */
    private static final String[] NO_TLS = {
        "Unsupported or unrecognized SSL message",
        "Unrecognized SSL message",
        "Unable to parse TLS packet header"
    };

    /** The messages of both for a version or a cipher suite that was not offered. */
    private static final String[] NOT_AGREED = {
        "(protocol_version)",
        "improper ciphersuite",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_CIPHER_RETURNED",
        "UNKNOWN_CIPHER_RETURNED"
    };

    private final String detail;

    TlsFailure(String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.detail = detail;
    }

    /** The reason, as a sentence without a full stop. */
    String detail() {
        return detail;
    }

    /** The failure for an unusable trust store. */
    static TlsFailure of(UnusableTrustStore failure) {
        return new TlsFailure(failure.detail(), failure);
    }

    /** The failure for a handshake that failed; a time-out is returned unchanged. */
    static IOException ofHandshake(IOException failure) {
        boolean closed = !(failure instanceof SSLException);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException timeOut) {
                return timeOut;
            }
            if (cause instanceof UntrustedPeer untrusted) {
                return new TlsFailure(untrusted.detail(), failure);
            }
            closed |= cause instanceof EOFException;
        }
        String message = String.valueOf(failure.getMessage());
        if (closed || message.contains("close_notify") || message.contains("CLOSE_NOTIFY")) {
            return new TlsFailure("the connection was closed during the TLS handshake", failure);
        }
        return new TlsFailure(describe(message, failure), failure);
    }

    /** The reason for a failure after the handshake. */
    static String describe(SSLException failure) {
        return failure instanceof TlsFailure known
                ? known.detail()
                : describe(String.valueOf(failure.getMessage()), failure);
    }

    /** Finds the reason in a message: both libraries give it as text only. */
    private static String describe(String message, IOException failure) {
        Optional<String> alert = alertIn(message);
        if (alert.isPresent()) {
            return switch (alert.get()) {
                case "handshake_failure", "insufficient_security", "protocol_version" ->
                        "both sides have no TLS version or cipher suite in common (alert "
                                + alert.get()
                                + ")";
                default -> "the peer sent the TLS alert " + alert.get();
            };
        }
        if (containsOneOf(NO_TLS, message)) {
            return "the peer does not speak TLS";
        }
        if (containsOneOf(NOT_AGREED, message)) {
            return "both sides have no TLS version or cipher suite in common";
        }
        if (message.contains("KEY_USAGE_BIT_INCORRECT")) { // BoringSSL checks it first
            return PeerTrust.NOT_FOR_SERVERS;
        }
        return "TLS failed (" + failure.getClass().getSimpleName() + ")";
    }

    private static Optional<String> alertIn(String message) {
        for (String before : BEFORE_ALERTS) {
            int start = message.indexOf(before);
            if (start >= 0) {
                start += before.length();
                int end = start;
                while (end < message.length() && isOfName(message.charAt(end))) {
                    end++;
                }
                return Optional.of(message.substring(start, end).toLowerCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    private static boolean isOfName(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean containsOneOf(String[] parts, String message) {
        for (String part : parts) {
            if (message.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
