package authoriser.secrets;

import authoriser.config.Secret;
import authoriser.json.Json;
import authoriser.timing.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
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
     * @param timeout the limit of one call
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
        Duration limit = deadline.atMost(timeout).remaining();
        if (limit.isZero()) {
            return new Reading.Failed("Secrets Manager: no time is left");
        }
        GetSecretValueRequest request =
                GetSecretValueRequest.builder()
                        .secretId(id)
                        .overrideConfiguration(override -> override.apiCallTimeout(limit))
                        .build();
        Reading reading;
        try {
            String value = client().getSecretValue(request).secretString();
            reading =
                    value == null
                            ? new Reading.Failed("Secrets Manager: the secret is binary")
                            : secret(value);
        } catch (SecretsManagerException e) {
            reading = new Reading.Failed("Secrets Manager: " + code(e));
        } catch (SdkException e) {
            reading = new Reading.Failed("Secrets Manager: " + e.getClass().getSimpleName());
        }
        if (reading instanceof Reading.Read) {
            last = reading;
        }
        return reading;
    }

    private static String code(SecretsManagerException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null ? "status " + e.statusCode() : details.errorCode();
    }

    /**
     * The region, the role's credentials and {@code AWS_ENDPOINT_URL_SECRETS_MANAGER} come from the
     * environment.
     */
    private SecretsManagerClient client() {
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
        String text = value.strip();
        if (!text.startsWith("{")) {
            return text.isEmpty()
                    ? new Reading.Failed("Secrets Manager: the secret is empty")
                    : new Reading.Read(new Secret(text));
        }
        String[] found = new String[1];
        try {
            Json.readStrictly(
                    text.getBytes(StandardCharsets.UTF_8),
                    (name, member) -> {
                        if (name.equals("client_secret")) {
                            found[0] = Json.string(member);
                        } else {
                            member.skipChildren();
                        }
                    });
        } catch (IOException e) {
            return new Reading.Failed(
                    "Secrets Manager: the secret is JSON, but not as it should be");
        }
        return found[0] == null || found[0].isEmpty()
                ? new Reading.Failed("Secrets Manager: the secret's JSON has no client_secret")
                : new Reading.Read(new Secret(found[0]));
    }
}
