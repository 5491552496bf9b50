package authoriser.validation;

import authoriser.PeerAuthorities;
import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.http.Endpoint;
import authoriser.http.HttpClient;
import authoriser.http.HttpSender;
import authoriser.http.TlsLayer;
import authoriser.invocation.Invocation;
import authoriser.secrets.SecretSource;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends usual and unusual requests to a running validation service, and prints whether it follows
 * the contract in {@code src/deploy/validation-service.yaml}.
 *
 * <p>The system properties are those of {@link ServiceUnderTest#PROPERTIES}. The exit status is 0
 * if all required checks passed, 1 if one failed, and 2 if no request could be sent.
 */
public final class ServiceContract {
    private static final Duration TOKEN_LIMIT = Duration.ofSeconds(10);
    private static final InstantSource CLOCK = InstantSource.system();

    private ServiceContract() {}

    public static void main(String[] args) {
        Map<String, String> properties = new HashMap<>();
        System.getProperties()
                .forEach((name, value) -> properties.put(name.toString(), value.toString()));
        System.exit(run(properties, System.getenv(), System.out));
    }

    static int run(
            Map<String, String> properties, Map<String, String> environment, PrintStream out) {
        ServiceUnderTest subject;
        try {
            subject = ServiceUnderTest.read(properties, environment);
        } catch (ServiceUnderTest.Unusable e) {
            out.printf("%n These properties are not usable:%n%s%n%n", e.getMessage());
            ServiceUnderTest.PROPERTIES.forEach(
                    (name, meaning) -> out.printf(" -D%-24s %s%n", name, meaning));
            return 2;
        }
        ContractReport report = new ContractReport();
        if (subject.service().secret() instanceof Config.ClientSecret.Value(Secret secret)
                && subject.token().isEmpty()) {
            report.conceal(secret);
        }
        HttpSender http = http(subject.service());
        ServiceTokens.Lookup lookup = token(subject, http);
        if (!(lookup instanceof ServiceTokens.Lookup.Found(ServiceToken token))) {
            report.require(
                    "the token endpoint gives a service token",
                    false,
                    ((ServiceTokens.Lookup.Missing) lookup).detail());
            report.print(out);
            return 2;
        }
        report.conceal(token.value());
        new ContractChecks(
                        subject,
                        http,
                        token.value(),
                        (questions, question, secret) ->
                                connections(subject, questions, question, secret),
                        report)
                .run();
        out.printf("%n %s%n", subject.service().url().origin().authority());
        report.print(out);
        return report.passed() ? 0 : 1;
    }

    /** The given token, or one from the token endpoint, fetched by the code of the function. */
    private static ServiceTokens.Lookup token(ServiceUnderTest subject, HttpSender http) {
        if (subject.token().isPresent()) {
            return new ServiceTokens.Lookup.Found(
                    new ServiceToken(subject.token().get(), 0, Long.MAX_VALUE, Long.MAX_VALUE));
        }
        Secret secret = ((Config.ClientSecret.Value) subject.service().secret()).secret();
        return new ServiceTokens(http, subject.service(), SecretSource.fixed(secret), CLOCK)
                .current(new Invocation(Deadline.in(TOKEN_LIMIT, CLOCK), Optional.empty()));
    }

    /**
     * The connections of the JDK's client. The client of the function does not show its
     * connections.
     */
    private static Optional<Integer> connections(
            ServiceUnderTest subject, int questions, byte[] question, Secret token) {
        Set<String> labels = new HashSet<>();
        HttpRequest request =
                HttpRequest.newBuilder(url(subject.service().url()))
                        .timeout(subject.service().timeout())
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token.reveal())
                        .POST(BodyPublishers.ofByteArray(question))
                        .build();
        try (var client =
                java.net.http.HttpClient.newBuilder()
                        .version(java.net.http.HttpClient.Version.HTTP_1_1)
                        .sslContext(tls(subject.service().authorities()))
                        .build()) {
            for (int i = 0; i < questions; i++) {
                HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
                labels.add(response.connectionLabel().orElse("none " + i));
            }
            return Optional.of(labels.size());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static URI url(Endpoint endpoint) {
        String scheme = endpoint.origin().tls() ? "https://" : "http://";
        return URI.create(scheme + endpoint.origin().authority() + endpoint.target());
    }

    /** TLS as in the function. The service may have private authorities. */
    private static HttpSender http(Config.Service service) {
        return new HttpClient(
                CLOCK, TlsLayer.trusting(TrustStore.ofJvm()), PeerAuthorities.of(service));
    }

    /** The same for the JDK's client. */
    private static SSLContext tls(List<X509Certificate> authorities) {
        try {
            if (authorities.isEmpty()) {
                return SSLContext.getDefault();
            }
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The authorities cannot be used", e);
        }
    }
}
