package authoriser.local;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certification authority of one's own and a server certificate under it, both made on the spot
 * by the JDK's keytool.
 *
 * <p>An authority beside the server's certificate, and not one self-signed certificate, because
 * clients then walk the same code as for a public certificate; the training run lives on that.
 */
public final class Certificates {
    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";
    private static final String SERVER = "server";

    private final KeyStore keys;
    private final Path trustStore;
    private final Path authorityFile;

    private Certificates(KeyStore keys, Path trustStore, Path authorityFile) {
        this.keys = keys;
        this.trustStore = trustStore;
        this.authorityFile = authorityFile;
    }

    /**
     * Makes a certificate for localhost, 127.0.0.1 and ::1 that is good now; its files go into the
     * directory.
     */
    public static Certificates create(Path directory) {
        return create(directory, "dns:localhost,ip:127.0.0.1,ip:::1", "-1d");
    }

    /** Makes a certificate for another host name, which a client must refuse on loopback. */
    public static Certificates forHost(Path directory, String host) {
        return create(directory, "dns:" + host, "-1d");
    }

    /** Makes a certificate for localhost that ended a while ago. */
    public static Certificates expired(Path directory) {
        return create(directory, "dns:localhost,ip:127.0.0.1,ip:::1", "-30d");
    }

    private static Certificates create(Path directory, String names, String serverStart) {
        try {
            Files.createDirectories(directory);
            Path keyStore = Files.createTempDirectory(directory, "keys").resolve("keys.p12");
            keytool(keyStore, AUTHORITY, "CN=Local test authority", "-30d", 60, "bc:c");
            keytool(
                    keyStore,
                    SERVER,
                    "CN=Local test server",
                    serverStart,
                    7,
                    "san=" + names,
                    "-signer",
                    AUTHORITY);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keyStore)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            Certificate authority = keys.getCertificate(AUTHORITY);
            return new Certificates(
                    keys,
                    writeTrustStore(directory.resolve("trust.p12"), authority),
                    writePem(directory.resolve("authority.pem"), authority));
        } catch (IOException e) {
            throw new UncheckedIOException("Certificates can't be written", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Certificates can't be made", e);
        }
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
            KeyStore trusted = empty();
            trusted.setCertificateEntry(AUTHORITY, keys.getCertificate(AUTHORITY));
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

    private KeyStore serverKeyOnly() throws GeneralSecurityException, IOException {
        KeyStore own = empty();
        own.setKeyEntry(
                SERVER,
                keys.getKey(SERVER, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                keys.getCertificateChain(SERVER));
        return own;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
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
        KeyStore trusted = empty();
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

    private static void keytool(
            Path keyStore,
            String alias,
            String name,
            String start,
            int days,
            String extension,
            String... more)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        // A JVM that lives for half a second: the smallest collector, no compiler worth its threads
        command.addAll(List.of("-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name, "-ext", extension));
        command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048", "-sigalg", "SHA256withRSA"));
        command.addAll(List.of("-startdate", start, "-validity", Integer.toString(days)));
        command.addAll(List.of("-keystore", keyStore.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD));
        Stream.of(more).forEach(command::add);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        keytool.getOutputStream().close();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while keytool ran", e);
        }
    }
}
