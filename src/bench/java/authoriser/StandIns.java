package authoriser;

import authoriser.standin.Certificates;
import authoriser.standin.Events;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stand-ins for all that the function asks, and the function's settings for them. */
record StandIns(
        PretendCognito cognito,
        PretendValidation validation,
        PretendSecretsManager secrets,
        List<String> jvmOptions)
        implements AutoCloseable {

    /** Makes stand-ins of one kind, with certificates and keys that are made once. */
    static final class Maker {
        private final Certificates certificates;
        private final SigningKey key = SigningKey.generate("bench+key/1=");

        /** Writes the certificates' files into the directory. */
        Maker(Path directory) {
            certificates = Certificates.asDeployed(directory);
        }

        StandIns overHttps() {
            PretendCognito cognito = PretendCognito.start(certificates, key);
            return new StandIns(
                    cognito,
                    PretendValidation.start(certificates, cognito),
                    PretendSecretsManager.start(certificates, PretendCognito.SERVICE_CLIENT_SECRET),
                    certificates.jvmOptions());
        }

        StandIns overHttp() {
            PretendCognito cognito = PretendCognito.start(key);
            return new StandIns(
                    cognito,
                    PretendValidation.start(cognito),
                    PretendSecretsManager.start(PretendCognito.SERVICE_CLIENT_SECRET),
                    List.of());
        }
    }

    /** Settings with the client secret among them. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("CognitoIssuer", cognito.issuer());
        settings.put("CognitoClientIds", Tokens.CLIENT_ID);
        settings.put("ValidatedHeaders", "X-Tenant-Id,X-Channel");
        settings.put("ValidationServiceUrl", validation.url());
        settings.put("ValidationServiceTokenUrl", cognito.tokenUrl());
        settings.put("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
        settings.put("ValidationServiceClientSecretValue", PretendCognito.SERVICE_CLIENT_SECRET);
        settings.put("JAVA_TOOL_OPTIONS", String.join(" ", jvmOptions));
        return settings;
    }

    /** Settings with the ARN of the client secret. */
    Map<String, String> settingsWithArn() {
        Map<String, String> settings = settings();
        settings.remove("ValidationServiceClientSecretValue");
        settings.put("ValidationServiceClientSecretArn", PretendSecretsManager.ARN);
        settings.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url());
        return settings;
    }

    /** A REST API's event with a good token that is in no other event. */
    byte[] event() {
        return Events.rest(cognito.tokens(InstantSource.system()).access());
    }

    @Override
    public void close() {
        secrets.close();
        validation.close();
        cognito.close();
    }
}
