package authoriser.secrets;

import authoriser.config.Secret;
import authoriser.config.Texts;
import authoriser.json.Json;
import authoriser.timing.Bounded;
import authoriser.timing.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/**
 * A secret kept in AWS Secrets Manager, read at run time: a plain string, or JSON with {@code
 * client_secret}.
 *
 * <p>The only class that touches the AWS SDK, which is loaded with its first use and no sooner.
 */
public final class SecretsManagerSource implements SecretSource {
    private final String id;
    private final Duration timeout;
    private @Nullable SecretsManagerClient client;
    private @Nullable Reading last;

    /**
     * Names a secret; reads nothing yet.
     *
     * @param id ARN or name
     * @param timeout how long the service may be silent; the whole is limited by a deadline
     */
    public SecretsManagerSource(String id, Duration timeout) {
        this.id = id;
        this.timeout = timeout;
    }

    @Override
    public Reading current(Deadline deadline) {
        return last instanceof Reading.Read read ? read : reread(deadline);
    }

    @Override
    public boolean rereadable() {
        return true;
    }

    @Override
    public Reading reread(Deadline deadline) {
        Reading reading = within(deadline);
        if (reading instanceof Reading.Read) {
            last = reading;
        }
        return reading;
    }

    /** The SDK's own limits end neither the look-up of a name nor its own loading. */
    private Reading within(Deadline deadline) {
        if (deadline.passed()) {
            return failed("no time is left");
        }
        try {
            return Bounded.call("read-secret", deadline, () -> read(deadline));
        } catch (TimeoutException e) {
            return tooLate();
        } catch (ExecutionException e) {
            return failed("no answer");
        }
    }

    private Reading read(Deadline deadline) {
        try {
            return ask(deadline);
        } catch (ApiCallTimeoutException e) {
            return tooLate();
        } catch (SecretsManagerException e) {
            return failed(code(e));
        } catch (RuntimeException e) { // the SDK's own, and what odd settings of its make it throw
            return failed(e.getClass().getSimpleName());
        }
    }

    private Reading ask(Deadline deadline) {
        SecretsManagerClient sdk = client(); // loading it takes a while, and that counts
        Duration limit = Duration.ofMillis(deadline.remainingMillis());
        if (limit.isZero()) {
            return failed("no time is left");
        }
        GetSecretValueRequest request =
                GetSecretValueRequest.builder()
                        .secretId(id)
                        .overrideConfiguration(override -> override.apiCallTimeout(limit))
                        .build();
        String value = sdk.getSecretValue(request).secretString();
        return value == null ? failed("the secret is binary") : secret(value);
    }

    private static Reading tooLate() {
        return failed("no answer in time");
    }

    private static Reading failed(String detail) {
        return new Reading.Failed("Secrets Manager: " + detail);
    }

    private static String code(SecretsManagerException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null
                ? "status " + e.statusCode()
                : details.errorCode();
    }

    /**
     * The region, the role's credentials and {@code AWS_ENDPOINT_URL_SECRETS_MANAGER} come from the
     * environment.
     */
    private synchronized SecretsManagerClient client() {
        SecretsManagerClient made = client;
        if (made == null) {
            made =
                    SecretsManagerClient.builder()
                            .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
                            .httpClientBuilder(
                                    UrlConnectionHttpClient.builder()
                                            .connectionTimeout(timeout)
                                            .socketTimeout(timeout))
                            .overrideConfiguration(override ->
                                    override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                            .build();
            client = made;
        }
        return made;
    }

    private static Reading secret(String value) {
        String text = Texts.stripped(value);
        if (!text.startsWith("{")) {
            return text.isEmpty() ? failed("the secret is empty") : usable(text);
        }
        String[] found = new String[1];
        try {
            Json.readStrictly(
                    text.getBytes(StandardCharsets.UTF_8),
                    (name, member) -> {
                        if (name.equals("client_secret")) {
                            found[0] = Texts.stripped(Json.string(member));
                        } else {
                            member.skipChildren();
                        }
                    });
        } catch (IOException e) {
            return failed("the secret is JSON, but not as it should be");
        }
        return found[0] == null || found[0].isEmpty()
                ? failed("the secret's JSON has no client_secret")
                : usable(found[0]);
    }

    /** RFC 6749 appendix A.2 allows a client secret no control character. */
    private static Reading usable(String secret) {
        return Texts.holdsControl(secret)
                ? failed("the secret holds a line break or another control character")
                : new Reading.Read(new Secret(secret));
    }
}
