package authoriser.local;

import java.io.IOException;
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
    private final Path authorityFile;

    private Certificates(
            Identity server,
            List<X509Certificate> chain,
            X509Certificate authority,
            Path trustStore,
            Path authorityFile) {
        this.server = server;
        this.chain = chain;
        this.authority = authority;
        this.trustStore = trustStore;
        this.authorityFile = authorityFile;
    }

    /** Takes certificates that there are; files go into the directory. */
    public static Certificates of(Path directory, Identity authority, Identity server) {
        X509Certificate trusted = authority.own();
        try {
            Files.createDirectories(directory);
            return new Certificates(
                    server,
                    server.chain(),
                    trusted,
                    writeTrustStore(directory.resolve("trust.p12"), trusted),
                    writePem(directory.resolve("authority.pem"), trusted));
        } catch (IOException e) {
            throw new UncheckedIOException("Certificates can't be written", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Certificates can't be used", e);
        }
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
        return new Certificates(server, longer, authority, trustStore, authorityFile);
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

    /** A PKCS12 store that trusts this authority alone, for {@code javax.net.ssl.trustStore}. */
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
        return List.of(
                "-Djavax.net.ssl.trustStore=" + trustStore,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
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

    private static Path writeTrustStore(Path file, Certificate authority)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = empty("PKCS12");
        trusted.setCertificateEntry(AUTHORITY, authority);
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        return file;
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
