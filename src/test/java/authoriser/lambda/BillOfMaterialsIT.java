package authoriser.lambda;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.BillOfMaterials.Embedded;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** Compares the software bill of materials and the list of licences with the function's files. */
class BillOfMaterialsIT {
    private static final Path FUNCTION = FunctionDirectory.path();
    private static final Path JAR = FUNCTION.resolve("lib/authoriser.jar");
    private static final Path LICENCES = FUNCTION.resolve("THIRD-PARTY.txt");
    private static final Pattern LISTED =
            Pattern.compile("(?m)^(?: {4}\\()?([A-Za-z][\\w-]+): ([\\w.-]+)\\)?$");

    private final String text = Files.readString(FUNCTION.resolve(BillOfMaterials.NAME));
    private final JsonNode bill = new ObjectMapper().readTree(text);

    BillOfMaterialsIT() throws IOException {}

    @Test
    void namesTheLibraryOfEachClassOfTheJar() throws IOException {
        Map<String, JarFile> libraries = libraries();
        Set<String> used = new TreeSet<>();
        List<String> unknown = new ArrayList<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (ZipEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
                byte[] content = jar.getInputStream(entry).readAllBytes();
                String owner = owner(entry.getName(), content, libraries);
                if (owner != null) {
                    used.add(owner);
                } else if (entry.getName().endsWith(".class")) {
                    unknown.add(entry.getName());
                }
            }
        }
        used.remove("");

        assertEquals(List.of(), unknown);
        assertEquals(libraries.keySet(), used);
        close(libraries);
    }

    /** The library with the same file, the empty name for this project, or null. */
    private static String owner(String name, byte[] content, Map<String, JarFile> libraries)
            throws IOException {
        Path own = Path.of("target", "classes").resolve(name);
        if (Files.exists(own) && Arrays.equals(content, Files.readAllBytes(own))) {
            return "";
        }
        for (Map.Entry<String, JarFile> library : libraries.entrySet()) {
            ZipEntry entry = library.getValue().getEntry(name);
            if (entry != null
                    && Arrays.equals(
                            content, library.getValue().getInputStream(entry).readAllBytes())) {
                return library.getKey();
            }
        }
        return null;
    }

    @Test
    void namesTheLibrariesThatTheBuildAllows() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        Set<String> allowed =
                Pattern.compile("<include>([\\w.-]+:[\\w.-]+)</include>")
                        .matcher(
                                pom.substring(
                                        pom.indexOf("<bannedDependencies>"),
                                        pom.indexOf("</bannedDependencies>")))
                        .results()
                        .map(found -> found.group(1))
                        .collect(toCollection(TreeSet::new));
        Set<String> named = new TreeSet<>();
        for (JsonNode library : bill.path("components")) {
            named.add(library.path("group").asText() + ":" + library.path("name").asText());
        }

        assertEquals(allowed, named);
    }

    @Test
    void namesEachFileOfTheFunction() throws IOException {
        Set<String> expected =
                new TreeSet<>(
                        Set.of(
                                "authoriser.aot",
                                "authoriser.aot.inputs",
                                BillOfMaterials.NAME,
                                "bootstrap",
                                "lib/authoriser.jar",
                                "THIRD-PARTY.txt"));
        expected.addAll(nativeLibraries().keySet());

        assertEquals(expected, files());
    }

    @Test
    void hasTheDigestOfEachNativeLibraryUnderTheLibraryThatItIsFrom() throws IOException {
        Map<String, JarFile> libraries = libraries();
        Map<String, JsonNode> natives = nativeLibraries();
        assertEquals(4, natives.size(), natives.toString());
        for (Map.Entry<String, JsonNode> library : natives.entrySet()) {
            Path file = FUNCTION.resolve(library.getKey());
            JarFile jar = libraries.get(library.getValue().path("name").asText());
            List<ZipEntry> sources =
                    jar.stream()
                            .map(ZipEntry.class::cast)
                            .filter(entry ->
                                    entry.getName().endsWith("/" + file.getFileName().toString()))
                            .toList();

            assertEquals(1, sources.size(), library.getKey());
            assertArrayEquals(
                    jar.getInputStream(sources.getFirst()).readAllBytes(),
                    Files.readAllBytes(file),
                    library.getKey());
            assertTrue(
                    library.getValue().toString().contains(BillOfMaterials.sha256(file)),
                    library.getKey());
        }
        close(libraries);
    }

    @Test
    void namesTheLibraryOfEachCopiedPackage() throws IOException {
        Set<String> unnamed = new TreeSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .filter(name ->
                            name.matches(".*/(shaded|thirdparty|repackaged|internal/asm)/.*"))
                    .filter(name ->
                            BillOfMaterials.EMBEDDED.stream()
                                    .noneMatch(embedded -> name.startsWith(embedded.place())))
                    .forEach(unnamed::add);
        }

        assertEquals(Set.of(), unnamed);
    }

    @Test
    void hasEachCopiedLibraryAtItsPlace() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (Embedded embedded : BillOfMaterials.EMBEDDED) {
                boolean there =
                        jar.stream().anyMatch(entry -> entry.getName().startsWith(embedded.place()))
                                || files().stream()
                                        .anyMatch(file -> file.startsWith(embedded.place()));

                assertTrue(there, embedded.toString());
                assertTrue(
                        library(embedded.library())
                                .path("components")
                                .toString()
                                .contains("\"name\":\"" + embedded.name() + "\""),
                        embedded.toString());
            }
        }
    }

    @Test
    void hasTheVersionsOfTheCopiedLibraries() throws IOException {
        for (Path file : List.of(nativeLibrary("x86_64"), nativeLibrary("aarch_64"))) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertTrue(content.contains("libcurl " + embedded("curl").version()), file.toString());
            assertTrue(content.contains(embedded("aws-lambda-cpp").version()), file.toString());
        }
        assertEquals(
                embeddedIn("nimbus-jose-jwt", "gson").version(),
                version("com.google.code.gson", "gson"));
        assertEquals(
                embedded("jcip-annotations").version(),
                version("com.github.stephenc.jcip", "jcip-annotations"));
    }

    @Test
    void isTheSameInEachBuild() {
        assertFalse(bill.has("serialNumber"));
        assertFalse(bill.path("metadata").has("timestamp"));
        assertEquals("1.6", bill.path("specVersion").asText());
        assertFalse(text.contains(System.getProperty("user.home") + "/"));
        assertFalse(text.contains(FUNCTION.getParent().toString()));
    }

    // Licences

    @Test
    void eachComponentIsInTheListWithItsLicence() throws IOException {
        List<String> named = new ArrayList<>();
        for (JsonNode library : bill.path("components")) {
            named.add(licensed(library));
            for (JsonNode part : library.path("components")) {
                if (part.path("type").asText().equals("library")) {
                    named.add(licensed(part));
                }
            }
        }
        List<String> listed = new ArrayList<>();
        for (MatchResult line : LISTED.matcher(list()).results().toList()) {
            listed.add(line.group(1) + ": " + line.group(2));
        }

        assertEquals(named.stream().sorted().toList(), listed.stream().sorted().toList());
    }

    @Test
    void eachLicenceHasItsText() throws IOException {
        String licences = Files.readString(LICENCES);
        for (MatchResult line : LISTED.matcher(list()).results().toList()) {
            String name = line.group(1);
            String licence = line.group(2);
            boolean has =
                    switch (licence) {
                        case "Apache-2.0" ->
                                licences.contains("\nApache-2.0: META-INF/LICENSE in ");
                        case "MIT" -> licences.contains("\nMIT, of " + name + ": ");
                        default -> licences.contains("\nLicence of " + name + "\n");
                    };

            assertTrue(has, line.group());
        }
    }

    @Test
    void eachFileThatTheListNamesIsInTheJar() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names =
                    Pattern.compile("META-INF/[\\w-]+(?:\\.txt)?")
                            .matcher(Files.readString(LICENCES))
                            .results()
                            .map(MatchResult::group)
                            .toList();

            assertEquals(6, names.size());
            for (String name : names) {
                assertTrue(jar.getEntry(name) != null, name);
            }
        }
    }

    private static String list() throws IOException {
        String licences = Files.readString(LICENCES);
        return licences.substring(0, licences.indexOf("\nWhere the texts are\n"));
    }

    private static String licensed(JsonNode component) {
        assertEquals(1, component.path("licenses").size(), component.toString());
        return component.path("name").asText()
                + ": "
                + component.at("/licenses/0/license/id").asText();
    }

    // The function's files

    private static Set<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(FUNCTION)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FUNCTION.relativize(file).toString())
                    .collect(toCollection(TreeSet::new));
        }
    }

    /** Each native library that the bill names, with the library that has it. */
    private Map<String, JsonNode> nativeLibraries() {
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode library : bill.path("components")) {
            for (JsonNode part : library.path("components")) {
                if (part.path("type").asText().equals("file")) {
                    found.put(part.path("name").asText(), library);
                }
            }
        }
        return found;
    }

    private static Path nativeLibrary(String architecture) {
        return FUNCTION.resolve("jni/libaws-lambda-jni.linux-" + architecture + ".so");
    }

    private static String version(String group, String artifact) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            ZipEntry entry =
                    jar.getEntry("META-INF/maven/" + group + "/" + artifact + "/pom.properties");
            var properties = new java.util.Properties();
            properties.load(jar.getInputStream(entry));
            return properties.getProperty("version");
        }
    }

    private static Embedded embedded(String name) {
        return BillOfMaterials.EMBEDDED.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Embedded embeddedIn(String library, String name) {
        return BillOfMaterials.EMBEDDED.stream()
                .filter(one -> one.library().equals(library) && one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode library(String name) {
        for (JsonNode library : bill.path("components")) {
            if (library.path("name").asText().equals(name)) {
                return library;
            }
        }
        throw new AssertionError(name);
    }

    /** The jar of each library on the class path that has the digest of the bill. */
    private Map<String, JarFile> libraries() throws IOException {
        Map<String, JarFile> libraries = new HashMap<>();
        for (JsonNode library : bill.path("components")) {
            String name = library.path("name").asText();
            String file = name + "-" + library.path("version").asText() + ".jar";
            Path jar =
                    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(Path::of)
                            .filter(path -> path.getFileName().toString().equals(file))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(file));
            assertTrue(
                    library.path("hashes").toString().contains(BillOfMaterials.sha256(jar)), file);
            libraries.put(name, new JarFile(jar.toFile()));
        }
        return libraries;
    }

    private static void close(Map<String, JarFile> libraries) throws IOException {
        for (JarFile library : libraries.values()) {
            library.close();
        }
    }
}
