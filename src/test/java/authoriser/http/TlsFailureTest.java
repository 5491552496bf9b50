package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are those of the JDK and of BoringSSL. */
final class TlsFailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Received fatal alert: internal_error                    | internal_error
                    (internal_error) Received fatal alert: internal_error   | internal_error
                    error:10000438:SSL:TLSV1_ALERT_INTERNAL_ERROR (a.cc:1)  | internal_error
                    error:10000438:SSL:SSLV3_ALERT_BAD_CERTIFICATE@x        | bad_certificate
                    Received fatal alert: unknown_ca[2]                     | unknown_ca
                    Received fatal alert: unknown_ca`x                      | unknown_ca
                    Received fatal alert: unknown_ca{x}                     | unknown_ca
                    Received fatal alert: AZ_az                             | az_az
                    """)
    void namesTheAlertOfThePeer(String message, String alert) {
        assertEquals(
                "the peer sent the TLS alert " + alert,
                TlsFailure.describe(new SSLException(message)));
    }
}
