package authoriser.deployment;

import static authoriser.deployment.Parameters.LEAST;
import static authoriser.deployment.Template.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the limits of the template's parameters with those of the settings. */
class TemplateParametersTest {
    private final Template template;

    TemplateParametersTest() throws IOException {
        template = Template.read(Path.of("template.yaml"));
    }

    @Test
    void aParameterIsHiddenIfItsSettingIsASecret() {
        for (Setting setting : Setting.values()) {
            assertEquals(
                    setting.secret() ? true : null,
                    parameter(setting.variable()).get("NoEcho"),
                    setting.variable());
        }
    }

    /** The timeout is lower in the template: an invocation lasts for at most 10 seconds there. */
    @Test
    void aParameterAcceptsTheNumbersOfItsSetting() {
        for (Setting setting : Setting.values()) {
            if (setting.most() > 0) {
                boolean timeout = setting == Setting.VALIDATION_SERVICE_TIMEOUT_MS;
                assertRange(setting.variable(), setting.least(), timeout ? 10_000 : setting.most());
            }
        }
    }

    @Test
    void aParameterAcceptsTheNumbersOfItsDescription() {
        int ranges = 0;
        for (String name : template.parameters().keySet()) {
            var range =
                    Pattern.compile("whole number from (-?\\d+) to (\\d+)")
                            .matcher(String.valueOf(parameter(name).get("ConstraintDescription")));
            if (range.find()) {
                assertRange(name, Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
                ranges++;
            }
        }

        assertTrue(ranges > 5);
    }

    @Test
    void theCodeAcceptsTheListOfAParameter() {
        int lists = 0;
        for (Setting setting : Setting.values()) {
            if (parameter(setting.variable()).get("AllowedValues") instanceof List<?> values) {
                for (Object value : values) {
                    Config.parse(
                            Environment.with(setting.variable(), value.toString()),
                            Environment.UNCHECKED);
                }
                lists++;
            }
        }

        assertEquals(1, lists);
    }

    private void assertRange(String name, long least, long most) {
        for (long number : List.of(least, most)) {
            assertEquals(List.of(), problems(name, number));
        }
        for (long number : List.of(least - 1, most + 1)) {
            List<String> problems = problems(name, number);
            assertEquals(1, problems.size(), name + " = " + number);
            assertTrue(
                    problems.getFirst()
                            .startsWith(
                                    name + " must be a whole number from " + least + " to " + most),
                    problems.toString());
        }
    }

    private List<String> problems(String name, long value) {
        return template.deployed(LEAST, Map.of(name, Long.toString(value))).problems();
    }

    private Map<String, Object> parameter(String name) {
        return object(template.parameters().get(name));
    }
}
