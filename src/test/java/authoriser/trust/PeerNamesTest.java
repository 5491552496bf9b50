package authoriser.trust;

import static authoriser.standin.Der.der;
import static authoriser.standin.Der.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import authoriser.trust.PeerNames.Match;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts and names, RFC 9525 sections 6.3 and 6.5. */
final class PeerNamesTest {
    private static final Identity SIGNER = Identity.selfSigned(Order.ec("server"));

    private static Match match(String host, Order order) throws CertificateParsingException {
        return PeerNames.match(SIGNER.again(order).own(), host);
    }

    private static Match match(String host, String... names) throws CertificateParsingException {
        return match(host, Order.ec("server").hosts(names));
    }

    @ParameterizedTest
    @CsvSource({
        "www.host.test, www.host.test",
        "WWW.host.test, www.HOST.test",
        "www.host.test., www.host.test",
        "www.host.test, *.host.test",
        "www.host.test., *.HOST.test",
        "xn--hst-sna.test, xn--hst-sna.test",
        "xn--hst-sna.host.test, *.host.test",
        "host, host",
        "_dmarc.host.test, *.host.test"
    })
    void matchesANameOfTheHost(String host, String name) throws CertificateParsingException {
        assertEquals(Match.THIS_HOST, match(host, name));
    }

    @ParameterizedTest
    @CsvSource({
        "www.host.test, host.test",
        "www.host.test, test",
        "www.host.test, ww.host.test",
        "www.host.test, www.host.test.",
        "www.host.test, www.host.test.test",
        "www.host.test.., www.host.test",
        "www.host.test, .host.test",
        "www.host.test, ''",
        "host.test, *.host.test",
        ".host.test, *.host.test",
        "a.www.host.test, *.host.test",
        "www.host.test, *",
        "www.host.test, *.",
        "host, *.host",
        "host, *",
        "www.host.test, *w.host.test",
        "www.host.test, w*.host.test",
        "www.host.test, www.*.test",
        "www.host.test, *.*.test",
        "www.host.test, **.host.test",
        "xn--hst-sna.test, xn--*.test",
        "www.host.test, 'www.host.test '",
        "1.2.3.4.test, 1.2.3.4"
    })
    void doesNotMatchANameOfAnotherHost(String host, String name)
            throws CertificateParsingException {
        assertEquals(Match.OTHER_HOSTS, match(host, name, "other.test"));
    }

    @Test
    void doesNotMatchATruncatedName() throws CertificateParsingException {
        assertEquals(Match.OTHER_HOSTS, match("www.host.test", "www.host.test\0.other.test"));
        assertEquals(Match.OTHER_HOSTS, match("www.host.test", "www.host.test\0"));
    }

    /** The Kelvin sign is K without regard to case, but no character of a domain name. */
    @Test
    void doesNotMatchANameOutsideAscii() throws CertificateParsingException {
        assertEquals(
                Match.OTHER_HOSTS,
                match("k.test", Order.ec("server").names("300a8208e284aa2e74657374")));
    }

    @Test
    void matchesOneOfSeveralNames() throws CertificateParsingException {
        assertEquals(Match.THIS_HOST, match("b.test", "a.test", "127.0.0.1", "b.test"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.1, 127.0.0.1",
        "::1, ::1",
        "0:0::0:1, ::1",
        "[::1], ::1",
        "2001:DB8::1, 2001:db8:0:0::1",
        "::ffff:127.0.0.1, 127.0.0.1"
    })
    void matchesAnAddressOfTheHost(String host, String address) throws CertificateParsingException {
        assertEquals(Match.THIS_HOST, match(host, "other.test", "10.0.0.1", address));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.2",
        "::1, ::2",
        "::1, 0.0.0.1",
        "::127.0.0.1, 127.0.0.1",
        "127.0.0.1., 127.0.0.1",
        "1.2.3.4.5, 1.2.3.4",
        "'', 127.0.0.1",
        "., 127.0.0.1",
        "::1%nowhere, ::1",
        "fe80::, fe80::1"
    })
    void doesNotMatchAnAddressOfAnotherHost(String host, String address)
            throws CertificateParsingException {
        assertEquals(Match.OTHER_HOSTS, match(host, address));
    }

    /** RFC 9525 section 6.5: as an iPAddress only. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "*.0.0.1", "*"})
    void doesNotMatchAnAddressInADnsName(String name) throws CertificateParsingException {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        String names = HexFormat.of().formatHex(der(0x82, text));

        assertEquals(
                Match.OTHER_HOSTS, match("127.0.0.1", Order.ec("server").names(sequence(names))));
    }

    @Test
    void ignoresAnAddressWithAMask() throws CertificateParsingException {
        String names = "87087f000001ff000000" + "87047f000001";

        assertEquals(
                Match.THIS_HOST, match("127.0.0.1", Order.ec("server").names(sequence(names))));
        assertEquals(
                Match.OTHER_HOSTS,
                match("127.0.0.1", Order.ec("server").names(sequence("87087f000001ffffffff"))));
    }

    private static String sequence(String content) {
        return HexFormat.of().formatHex(der(0x30, hex(content)));
    }

    @Test
    void doesNotMatchAHostNameIfThereAreOnlyAddresses() throws CertificateParsingException {
        assertEquals(Match.NO_HOST, match("localhost", "127.0.0.1"));
    }

    @Test
    void doesNotMatchAnAddressIfThereAreOnlyNames() throws CertificateParsingException {
        assertEquals(Match.OTHER_HOSTS, match("127.0.0.1", "localhost"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "127.0.0.1"})
    void doesNotMatchTheCommonName(String host) throws CertificateParsingException {
        assertEquals(Match.NO_HOST, match(host, Order.ec(host)));
    }

    @Test
    void doesNotMatchWithoutAHost() throws CertificateParsingException {
        assertEquals(Match.NO_HOST, match(null, "localhost"));
    }
}
