package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.InvalidSettings;
import authoriser.policy.AnswerLimits;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Settings: NAME=VALUE, each after a line that holds a dot only. They replace some of the settings
 * that are enough. A start with them stops with the message that names the settings, or goes on to
 * a function that answers in one of the ways of the contract.
 */
final class SettingsTarget implements FuzzTarget {
    private final CheckedFunction other = CheckedFunction.warm();

    @Override
    public void take(byte[] input) {
        start(input);
        other.assertAnswersAsBefore();
    }

    private static void start(byte[] input) {
        Map<String, String> environment = Environment.with();
        String text = new String(input, StandardCharsets.UTF_8);
        for (String setting : text.split("\n\\.\n", -1)) {
            int equals = setting.indexOf('=');
            if (equals > 0 && isValue(setting.substring(equals + 1))) {
                environment.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
        }
        String secret = environment.get("ValidationServiceClientSecretValue").strip();
        try {
            Config config = Config.parse(environment, new AnswerLimits());
            assertFalse(config.issuers().isEmpty(), "no issuer");
            assertFalse(config.validatedHeaders().isEmpty(), "no validated header");
            assertFalse(
                    !text.contains(Environment.SECRET)
                            && config.toString().contains(Environment.SECRET),
                    "the secret is shown");
            new CheckedFunction(new InMemoryFunction(environment)).answerGoodEvent();
        } catch (InvalidSettings e) {
            assertTrue(e.getMessage().contains("\n  - "), "no problem is named");
            assertFalse(
                    e.getMessage().contains(Environment.SECRET), "the secret is in the message");
            assertFalse(
                    secret.length() > 20 && e.getMessage().contains(secret),
                    "the secret is in the message");
        }
    }

    /** Whether an environment variable can hold it. Files of this machine are not read. */
    private static boolean isValue(String text) {
        return text.indexOf('\0') < 0 && !text.strip().startsWith("/") && !text.startsWith(".");
    }
}
