package authoriser;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The shape of the main code as its class files tell it: which package uses which, and which uses
 * what library. A new arrow is drawn here first.
 */
class StructureTest {
    private static final Path CLASSES = Path.of("target", "classes");

    /** Each package with those that it uses; the base package wires them all up. */
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("config", Set.of("http", "json", "trust")),
                    Map.entry(
                            "decision",
                            Set.of(
                                    "config",
                                    "event",
                                    "invocation",
                                    "reason",
                                    "time",
                                    "token",
                                    "validation")),
                    Map.entry("event", Set.of("json", "token")),
                    Map.entry("http", Set.of("crypto", "time", "trust")),
                    Map.entry("invocation", Set.of("time")),
                    Map.entry(
                            "policy",
                            Set.of("config", "decision", "event", "json", "reason", "token")),
                    Map.entry("renewal", Set.of("invocation", "time")),
                    Map.entry("secrets", Set.of("config", "http", "json", "time")),
                    Map.entry(
                            "telemetry",
                            Set.of("decision", "invocation", "json", "reason", "token")),
                    Map.entry(
                            "token",
                            Set.of(
                                    "config",
                                    "crypto",
                                    "http",
                                    "invocation",
                                    "json",
                                    "reason",
                                    "renewal",
                                    "time")),
                    Map.entry(
                            "validation",
                            Set.of(
                                    "config",
                                    "http",
                                    "invocation",
                                    "json",
                                    "reason",
                                    "renewal",
                                    "secrets",
                                    "time",
                                    "token")));

    /** Each library with the packages that may use it; databind is too slow for a cold start. */
    private static final Map<String, Set<String>> LIBRARIES =
            Map.of(
                    "com/amazonaws/services/lambda/",
                    Set.of("authoriser", "event"),
                    "com/fasterxml/jackson/databind/",
                    Set.of(),
                    "org/conscrypt/",
                    Set.of("crypto"),
                    "com/nimbusds/",
                    Set.of("token"),
                    "software/amazon/awssdk/",
                    Set.of());

    /** A class of ours as class files write it, alone or, after an L, within a descriptor. */
    private static final Pattern OUR_CLASS = Pattern.compile("authoriser/([a-z]+)/[A-Z]");

    @Test
    void packagesUseOnlyWhatIsDrawn() throws IOException {
        var arrows = new TreeMap<String, Set<String>>();
        mentions()
                .forEach((user, texts) -> {
                    Set<String> used =
                            texts.stream()
                                    .flatMap(text -> OUR_CLASS.matcher(text).results())
                                    .map(found -> found.group(1))
                                    .filter(other -> !other.equals(user))
                                    .collect(toSet());
                    if (!user.equals("authoriser") && !used.isEmpty()) {
                        arrows.put(user, used);
                    }
                });

        assertEquals(sorted(ARROWS), sorted(arrows));
    }

    @Test
    void arrowsPointOneWay() {
        var left = new TreeMap<>(ARROWS);

        while (left.values().removeIf(used -> used.stream().noneMatch(left::containsKey))) {
            // Each round takes away the packages that use none of those left
        }

        assertEquals(Map.of(), left);
    }

    @Test
    void classesOfTheBasePackageUseEachOtherOneWay() throws IOException {
        Pattern ofBase = Pattern.compile("authoriser/([A-Z]\\w*)");
        var left = new TreeMap<String, Set<String>>();
        try (Stream<Path> files = Files.list(CLASSES.resolve("authoriser"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String user = file.getFileName().toString().split("[$.]", 2)[0];
                Set<String> used = left.computeIfAbsent(user, _ -> new TreeSet<>());
                for (var entry : ClassFile.of().parse(file).constantPool()) {
                    if (entry instanceof Utf8Entry text) {
                        ofBase.matcher(text.stringValue())
                                .results()
                                .map(found -> found.group(1))
                                .filter(other -> !other.equals(user))
                                .forEach(used::add);
                    }
                }
            }
        }

        while (left.values().removeIf(used -> used.stream().noneMatch(left::containsKey))) {
            // Each round takes away the classes that use none of those left
        }

        assertEquals(Map.of(), left);
    }

    @Test
    void librariesStayInTheirPackages() throws IOException {
        var mentions = mentions();

        var users =
                LIBRARIES.keySet().stream()
                        .collect(
                                toMap(
                                        library -> library,
                                        library ->
                                                mentions.keySet().stream()
                                                        .filter(user ->
                                                                mentions.get(user).stream()
                                                                        .anyMatch(text ->
                                                                                text.contains(
                                                                                        library)))
                                                        .collect(toSet())));

        assertEquals(sorted(LIBRARIES), sorted(users));
    }

    /** All texts in the class files of each package, every class that they name among them. */
    private static Map<String, Set<String>> mentions() throws IOException {
        var mentions = new TreeMap<String, Set<String>>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String user = file.getParent().getFileName().toString();
                for (var entry : ClassFile.of().parse(file).constantPool()) {
                    if (entry instanceof Utf8Entry text) {
                        mentions.computeIfAbsent(user, _ -> new TreeSet<>())
                                .add(text.stringValue());
                    }
                }
            }
        }
        return mentions;
    }

    /** In order, so that a difference shows at a glance. */
    private static String sorted(Map<String, Set<String>> map) {
        var sorted = new TreeMap<String, Set<String>>();
        map.forEach((key, values) -> sorted.put(key, new TreeSet<>(values)));
        return sorted.toString();
    }
}
