package authoriser.standin;

import static authoriser.standin.Der.der;
import static authoriser.standin.Der.hex;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A key pair and its X.509 certificates (RFC 5280), its own first, an authority's last.
 *
 * <p>They are made to {@link Order}, also such as no authority would make.
 */
public record Identity(KeyPair keys, List<X509Certificate> chain) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.now();

    /**
     * Keys by their kind, for all who issue no certificates: an RSA key takes a tenth of a second
     * to make, and the keys of the authorities are what tells one identity from another.
     */
    private static final Map<String, KeyPair> SHARED_KEYS = new ConcurrentHashMap<>();

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0c;
    private static final int PRINTABLE_STRING = 0x13;
    private static final int UTC_TIME = 0x17;
    private static final String COMMON_NAME = "0603550403";

    /** Makes an identity that vouches for itself. */
    public static Identity selfSigned(Order order) {
        KeyPair keys = order.keys();
        return new Identity(keys, List.of(order.certificate(keys, order.name(), keys)));
    }

    /** Makes another certificate for the same key pair, which vouches for itself. */
    public Identity again(Order order) {
        return new Identity(keys, List.of(order.certificate(keys, order.name(), keys)));
    }

    /** Makes an identity that this one vouches for. */
    public Identity signs(Order order) {
        return signs(order, order.keys());
    }

    /** Makes an identity that this one vouches for by another spelling of its name. */
    public Identity signsAs(String issuer, Order order) {
        return signs(order, order.keys(), issuer);
    }

    /** Makes one more certificate for the key pair of another authority (a cross-certificate). */
    public Identity signsToo(Identity other) {
        return signsToo(other, Order.of(other.name()).authority());
    }

    /** The same, to an order; the kind of key in it does not matter. */
    public Identity signsToo(Identity other, Order order) {
        return signs(order, other.keys);
    }

    private Identity signs(Order order, KeyPair subject) {
        return signs(order, subject, name());
    }

    private Identity signs(Order order, KeyPair subject, String issuer) {
        List<X509Certificate> longer = new ArrayList<>();
        longer.add(order.certificate(subject, issuer, keys));
        longer.addAll(chain);
        return new Identity(subject, List.copyOf(longer));
    }

    private String name() {
        return own().getSubjectX500Principal().getName().substring("CN=".length());
    }

    /** The certificate of this identity. */
    public X509Certificate own() {
        return chain.getFirst();
    }

    /**
     * What a certificate shall be.
     *
     * @param name the common name
     * @param key {@code RSA} or {@code EC}, and bits
     * @param signature the algorithm of the issuer's signature
     * @param start when it begins to be valid, from now
     * @param extensions in DER
     * @param nameType the tag of the string that the common name is
     * @param issues whether it is an authority's
     */
    public record Order(
            String name,
            String key,
            String signature,
            Duration start,
            List<byte[]> extensions,
            int nameType,
            boolean issues) {

        /** Of RSA with 2,048 bits and SHA-256, valid from yesterday on for a week. */
        public static Order of(String name) {
            return new Order(
                    name,
                    "RSA 2048",
                    "SHA256withRSA",
                    Duration.ofDays(-1),
                    List.of(),
                    UTF8_STRING,
                    false);
        }

        /** Of EC on P-256 and SHA-256, whose keys are made faster. */
        public static Order ec(String name) {
            return of(name).key("EC 256").signature("SHA256withECDSA");
        }

        public Order key(String other) {
            return new Order(name, other, signature, start, extensions, nameType, issues);
        }

        public Order signature(String other) {
            return new Order(name, key, other, start, extensions, nameType, issues);
        }

        public Order start(Duration other) {
            return new Order(name, key, signature, other, extensions, nameType, issues);
        }

        /** With the name as PrintableString. */
        public Order printable() {
            return new Order(name, key, signature, start, extensions, PRINTABLE_STRING, issues);
        }

        /** That of an authority. */
        public Order authority() {
            return new Order(name, key, signature, start, extensions, nameType, true)
                    .with("0603551d13", "0101ff", "30030101ff");
        }

        /** For hosts, by names and addresses. */
        public Order hosts(String... hosts) {
            byte[][] names = new byte[hosts.length][];
            for (int i = 0; i < hosts.length; i++) {
                names[i] =
                        hosts[i].matches("[0-9.]+|.*:.*")
                                ? der(0x87, address(hosts[i]))
                                : der(0x82, hosts[i].getBytes(StandardCharsets.US_ASCII));
            }
            return names(HexFormat.of().formatHex(der(SEQUENCE, names)));
        }

        /** With subject alternative names in DER. */
        public Order names(String digits) {
            return with("0603551d11", "", digits);
        }

        /** For an authority that may vouch for names below this domain only. */
        public Order permitting(String domain) {
            byte[] name = der(0x82, domain.getBytes(StandardCharsets.US_ASCII));
            byte[] constraints = der(SEQUENCE, der(0xa0, der(SEQUENCE, name)));
            return with("0603551d1e", "0101ff", HexFormat.of().formatHex(constraints));
        }

        /** For clients only, by extended key usage. */
        public Order forClients() {
            return with("0603551d25", "", "300a06082b06010505070302");
        }

        /** For servers only, by extended key usage, and for signatures. */
        public Order forServers() {
            return with("0603551d25", "", "300a06082b06010505070301")
                    .with("0603551d0f", "0101ff", "03020780");
        }

        /** For the encryption of keys only, by key usage. */
        public Order forEncryption() {
            return with("0603551d0f", "0101ff", "03020520");
        }

        private Order with(String id, String critical, String value) {
            List<byte[]> more = new ArrayList<>(extensions);
            more.add(der(SEQUENCE, hex(id), hex(critical), der(OCTET_STRING, hex(value))));
            return new Order(name, key, signature, start, List.copyOf(more), nameType, issues);
        }

        private KeyPair keys() {
            return issues ? newKeys(key) : SHARED_KEYS.computeIfAbsent(key, Order::newKeys);
        }

        private static KeyPair newKeys(String key) {
            try {
                String[] kind = key.split(" ");
                KeyPairGenerator generator = KeyPairGenerator.getInstance(kind[0]);
                generator.initialize(Integer.parseInt(kind[1]));
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Keys can't be made", e);
            }
        }

        private X509Certificate certificate(KeyPair subject, String issuer, KeyPair signer) {
            try {
                Signature signing = Signature.getInstance(signature);
                if (signature.equals("RSASSA-PSS")) {
                    signing.setParameter(
                            new PSSParameterSpec(
                                    "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                }
                byte[] content =
                        der(
                                SEQUENCE,
                                der(0xa0, der(INTEGER, new byte[] {2})), // version 3
                                der(INTEGER, new BigInteger(64, RANDOM).toByteArray()),
                                algorithm(signing),
                                named(UTF8_STRING, issuer),
                                der(
                                        SEQUENCE,
                                        time(NOW.plus(start)),
                                        time(NOW.plus(start).plus(Duration.ofDays(7)))),
                                named(nameType, name),
                                subject.getPublic().getEncoded(),
                                der(0xa3, der(SEQUENCE, extensions.toArray(byte[][]::new))));
                signing.initSign(signer.getPrivate());
                signing.update(content);
                byte[] whole =
                        der(
                                SEQUENCE,
                                content,
                                algorithm(signing),
                                der(BIT_STRING, new byte[1], signing.sign()));
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(whole));
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("A certificate can't be made", e);
            }
        }

        private byte[] algorithm(Signature signing) throws IOException {
            return switch (signature) {
                case "SHA1withRSA" -> hex("300d06092a864886f70d0101050500");
                case "SHA224withRSA" -> hex("300d06092a864886f70d01010e0500");
                case "SHA256withRSA" -> hex("300d06092a864886f70d01010b0500");
                case "SHA384withRSA" -> hex("300d06092a864886f70d01010c0500");
                case "SHA512withRSA" -> hex("300d06092a864886f70d01010d0500");
                case "SHA1withECDSA" -> hex("300906072a8648ce3d0401");
                case "SHA256withECDSA" -> hex("300a06082a8648ce3d040302");
                case "SHA384withECDSA" -> hex("300a06082a8648ce3d040303");
                case "RSASSA-PSS" ->
                        der(
                                SEQUENCE,
                                hex("06092a864886f70d01010a"),
                                signing.getParameters().getEncoded());
                default -> throw new IllegalArgumentException(signature);
            };
        }
    }

    private static byte[] named(int type, String name) {
        byte[] text = der(type, name.getBytes(StandardCharsets.UTF_8));
        return der(SEQUENCE, der(SET, der(SEQUENCE, hex(COMMON_NAME), text)));
    }

    private static byte[] time(Instant instant) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
        return der(
                UTC_TIME,
                format.format(instant.atOffset(ZoneOffset.UTC))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
