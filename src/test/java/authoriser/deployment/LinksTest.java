package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The target of each link and each path in the documents exists. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern SOURCE_PATH = Pattern.compile("(?<![\\w/.])src/[\\w/.-]*\\w");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern FENCED = Pattern.compile("(?sm)^```.*?^```$");

    static List<Path> pages() throws IOException {
        return Pages.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyRelativeLinkLeadsToAFileAndASection(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        LINK.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .map(found -> found.group(1))
                .filter(target -> !target.matches("[a-z]+://.*"))
                .forEach(target -> {
                    if (!exists(page, target)) {
                        broken.add(target);
                    }
                });

        assertEquals(List.of(), broken);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everySourcePathExists(Path page) throws IOException {
        Set<String> missing = new TreeSet<>();
        var named = SOURCE_PATH.matcher(Files.readString(page));
        while (named.find()) {
            if (!Files.exists(Path.of(named.group()))) {
                missing.add(named.group());
            }
        }

        assertEquals(Set.of(), missing);
    }

    @Test
    void everyPageIsLinkedFromAnother() throws IOException {
        Set<Path> unlinked = new HashSet<>(Pages.all());
        unlinked.remove(Pages.README);
        for (Path page : Pages.all()) {
            LINK.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group(1).replaceFirst("#.*", ""))
                    .filter(target -> target.endsWith(".md") && !target.contains("://"))
                    .forEach(target -> unlinked.remove(page.resolveSibling(target).normalize()));
        }

        assertEquals(Set.of(), unlinked);
    }

    @ParameterizedTest
    @CsvSource({
        "settings.md, true",
        "settings.md#rules-for-routes, true",
        "settings.md#no-such-section, false",
        "no-such-page.md, false",
        "../deploy/rest-api.yaml, true"
    })
    void aLinkToASectionIsChecked(String target, boolean exists) {
        assertEquals(exists, exists(Pages.DOCS.resolve("operations.md"), target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    The validation service's certificate | the-validation-services-certificate
                    Comparison with others, 2026-11-26   | comparison-with-others-2026-11-26
                    `sam` and Docker                     | sam-and-docker
                    """)
    void anAnchorIsTheSameAsOnGitHub(String heading, String anchor) {
        assertEquals(anchor, anchor(heading));
    }

    private static boolean exists(Path page, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(path)) {
            return false;
        }
        return hash < 0 || anchors(path).contains(target.substring(hash + 1));
    }

    private static Set<String> anchors(Path page) {
        try {
            Set<String> anchors = new HashSet<>();
            Map<String, Integer> seen = new HashMap<>();
            HEADING.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""))
                    .results()
                    .map(found -> anchor(found.group(1)))
                    .forEach(anchor -> {
                        int before = seen.merge(anchor, 1, Integer::sum) - 1;
                        anchors.add(before == 0 ? anchor : anchor + "-" + before);
                    });
            assertFalse(anchors.isEmpty(), page.toString());
            return anchors;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
