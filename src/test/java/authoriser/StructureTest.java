package authoriser;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
 * The dependencies between the packages of the main code, and on libraries. They are read from the
 * class files. A new dependency is first added here.
 */
class StructureTest {
    private static final Path CLASSES = Path.of("target", "classes");

    /** Each package with those that it uses. The base package uses all. */
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
                            Set.of(
                                    "config",
                                    "decision",
                                    "event",
                                    "invocation",
                                    "json",
                                    "reason",
                                    "time",
                                    "token")),
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

    /** A class of this project in a class file: alone, or after an L in a descriptor. */
    private static final Pattern OUR_CLASS = Pattern.compile("authoriser/([a-z]+)/[A-Z]");

    @Test
    void packagesUseOnlyListedPackages() throws IOException {
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
    void packagesHaveNoCycle() {
        var left = new TreeMap<>(ARROWS);

        while (left.values().removeIf(used -> used.stream().noneMatch(left::containsKey))) {
            // Each round removes the packages that use no remaining package
        }

        assertEquals(Map.of(), left);
    }

    @Test
    void classesOfTheBasePackageHaveNoCycle() throws IOException {
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
            // Each round removes the classes that use no remaining class
        }

        assertEquals(Map.of(), left);
    }

    @Test
    void librariesAreUsedOnlyByTheirPackages() throws IOException {
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

    @Test
    void packagesOfTheLocalRunUseEachOtherOneWay() throws IOException {
        Map<String, Set<String>> arrows =
                Map.of(
                        "standin", Set.of(),
                        "lambda", Set.of("standin"),
                        "local", Set.of("explain", "lambda", "standin"),
                        "training", Set.of("lambda", "standin"),
                        "explain", Set.of("standin"),
                        "plots", Set.of());
        var mentions = mentions(Path.of("target", "test-classes"));

        for (String user : arrows.keySet()) {
            Set<String> used =
                    mentions.get(user).stream()
                            .flatMap(text -> OUR_CLASS.matcher(text).results())
                            .map(found -> found.group(1))
                            .filter(other -> !other.equals(user) && arrows.containsKey(other))
                            .collect(toSet());

            assertTrue(arrows.get(user).containsAll(used), user + " uses " + used);
        }
    }

    @Test
    void noTestClassHasTheNameOfAMainClass() throws IOException {
        Set<String> both = topLevelClasses(Path.of("target", "test-classes"));
        both.retainAll(topLevelClasses(CLASSES));

        assertEquals(Set.of("package-info"), both);
    }

    /** The names of the classes without their packages. */
    private static Set<String> topLevelClasses(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("$"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .collect(toCollection(TreeSet::new));
        }
    }

    /** All texts in the class files of each package. The names of used classes are among them. */
    private static Map<String, Set<String>> mentions() throws IOException {
        return mentions(CLASSES);
    }

    private static Map<String, Set<String>> mentions(Path classes) throws IOException {
        var mentions = new TreeMap<String, Set<String>>();
        try (Stream<Path> files = Files.walk(classes)) {
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

    /** Sorted, so that a difference is easy to see. */
    private static String sorted(Map<String, Set<String>> map) {
        var sorted = new TreeMap<String, Set<String>>();
        map.forEach((key, values) -> sorted.put(key, new TreeSet<>(values)));
        return sorted.toString();
    }
}
