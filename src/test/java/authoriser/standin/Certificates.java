package authoriser.standin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server's certificate with those above it, and the authority to be trusted.
 *
 * <p>The authority's is another than the server's, because clients then go through the same code as
 * for a public certificate; the training run needs that.
 */
public final class Certificates {
    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";
    private static final String SERVER = "server";
    private static final String[] THIS_MACHINE = {"localhost", "127.0.0.1", "::1"};

    private final Identity server;
    private final List<X509Certificate> chain;
    private final X509Certificate authority;
    private final Path trustStore;
    private final boolean sealed;
    private final Path authorityFile;

    private Certificates(
            Identity server,
            List<X509Certificate> chain,
            X509Certificate authority,
            Path trustStore,
            boolean sealed,
            Path authorityFile) {
        this.server = server;
        this.chain = chain;
        this.authority = authority;
        this.trustStore = trustStore;
        this.sealed = sealed;
        this.authorityFile = authorityFile;
    }

    /** Takes certificates that there are; files go into the directory. */
    public static Certificates of(Path directory, Identity authority, Identity server) {
        return of(directory, authority, server, server.chain(), true);
    }

    private static Certificates of(
            Path directory,
            Identity authority,
            Identity server,
            List<X509Certificate> chain,
            boolean sealed) {
        X509Certificate trusted = authority.own();
        try {
            Files.createDirectories(directory);
            return new Certificates(
                    server,
                    chain,
                    trusted,
                    writeTrustStore(directory.resolve("trust.p12"), trusted, sealed),
                    sealed,
                    writePem(directory.resolve("authority.pem"), trusted));
        } catch (IOException e) {
            throw new UncheckedIOException("Certificates can't be written", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Certificates can't be used", e);
        }
    }

    /**
     * Makes certificates like those of AWS's endpoints: the server sends its own, that of the
     * issuing authority, and that of the root, signed by an older root. The trust store has no
     * password, and holds this JVM's public authorities and the root.
     */
    public static Certificates asDeployed(Path directory) {
        Identity root = Identity.selfSigned(Identity.Order.of("Local root").authority());
        Identity olderRoot = Identity.selfSigned(Identity.Order.of("Local old root").authority());
        Identity issuing = root.signs(Identity.Order.of("Local issuing authority").authority());
        Identity server = issuing.signs(server().hosts(THIS_MACHINE).forServers());
        List<X509Certificate> chain =
                List.of(server.own(), issuing.own(), olderRoot.signsToo(root).own());
        return of(directory, root, server, chain, false);
    }

    /**
     * Makes a certificate for localhost, 127.0.0.1 and ::1 that is good now; its files go into the
     * directory.
     */
    public static Certificates create(Path directory) {
        return create(directory, server().hosts(THIS_MACHINE));
    }

    /** Makes a certificate for another host name, which a client must refuse on loopback. */
    public static Certificates forHost(Path directory, String host) {
        return create(directory, server().hosts(host));
    }

    /** Makes a certificate for localhost that ended a while ago. */
    public static Certificates expired(Path directory) {
        return create(directory, server().hosts(THIS_MACHINE).start(Duration.ofDays(-30)));
    }

    private static Identity.Order server() {
        return Identity.Order.of("Local test server");
    }

    private static Certificates create(Path directory, Identity.Order order) {
        Identity authority =
                Identity.selfSigned(Identity.Order.of("Local test authority").authority());
        return of(directory, authority, authority.signs(order));
    }

    /** The same, with one more certificate sent at the end of the chain. */
    public Certificates sendingToo(Identity other) {
        List<X509Certificate> longer = new ArrayList<>(chain);
        longer.add(other.own());
        return new Certificates(server, longer, authority, trustStore, sealed, authorityFile);
    }

    /** What an HTTPS server on loopback needs to show this certificate. */
    public SSLContext serverContext() {
        try {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(serverKeyOnly(), PASSWORD.toCharArray());
            return context(managers, null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS can't be set up", e);
        }
    }

    /** What a client in this process needs to trust this authority, and no other. */
    public SSLContext clientContext() {
        try {
            KeyStore trusted = empty("PKCS12");
            trusted.setCertificateEntry(AUTHORITY, authority);
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            return context(null, managers);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS can't be set up", e);
        }
    }

    /**
     * A PKCS12 store that trusts this authority, and as a rule no other, for {@code
     * javax.net.ssl.trustStore}.
     */
    public Path trustStore() {
        return trustStore;
    }

    /**
     * The password of {@link #trustStore()}; without it the JDK reads the store as an empty one.
     */
    public String trustStorePassword() {
        return PASSWORD;
    }

    /** The authority's certificate as a PEM file. */
    public Path authorityFile() {
        return authorityFile;
    }

    /** The options that make another JVM trust this authority. */
    public List<String> jvmOptions() {
        String store = "-Djavax.net.ssl.trustStore=" + trustStore;
        return sealed
                ? List.of(store, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD)
                : List.of(store);
    }

    /** In JKS, which takes a chain as it is. */
    private KeyStore serverKeyOnly() throws GeneralSecurityException, IOException {
        KeyStore own = empty("JKS");
        own.setKeyEntry(
                SERVER,
                server.keys().getPrivate(),
                PASSWORD.toCharArray(),
                chain.toArray(Certificate[]::new));
        return own;
    }

    private static KeyStore empty(String type) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        return store;
    }

    private static SSLContext context(KeyManagerFactory own, TrustManagerFactory trusted)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : own.getKeyManagers(),
                trusted == null ? null : trusted.getTrustManagers(),
                null);
        return context;
    }

    private static Path writeTrustStore(Path file, Certificate authority, boolean sealed)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = empty("PKCS12");
        if (!sealed) {
            addPublicAuthorities(trusted);
        }
        trusted.setCertificateEntry(AUTHORITY, authority);
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, sealed ? PASSWORD.toCharArray() : null);
        }
        return file;
    }

    private static void addPublicAuthorities(KeyStore trusted)
            throws GeneralSecurityException, IOException {
        KeyStore ofJvm = empty("PKCS12");
        Path file = Path.of(System.getProperty("java.home"), "lib/security/cacerts");
        try (InputStream in = Files.newInputStream(file)) {
            ofJvm.load(in, null);
        }
        for (String alias : Collections.list(ofJvm.aliases())) {
            trusted.setCertificateEntry(alias, ofJvm.getCertificate(alias));
        }
    }

    private static Path writePem(Path file, Certificate authority)
            throws GeneralSecurityException, IOException {
        var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + lines.encodeToString(authority.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }
}
