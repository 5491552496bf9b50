package authoriser.deployment;

import static authoriser.deployment.Parameters.LEAST;
import static authoriser.deployment.Template.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the template does for a release: what changes at once, and what waits for the alias. */
class ReleaseTemplateTest {
    private final Template template;

    ReleaseTemplateTest() throws IOException {
        template = Template.read(Path.of("template.yaml"));
    }

    @Test
    void architectureIsNeverAssumed() {
        Map<String, String> without = new HashMap<>(LEAST);
        without.remove("Architecture");

        assertFalse(object(template.parameters().get("Architecture")).containsKey("Default"));
        assertEquals(List.of("Architecture is not given"), template.deployed(without).problems());
    }
}
