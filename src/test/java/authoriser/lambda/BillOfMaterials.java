package authoriser.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;

/**
 * Writes the function's software bill of materials (CycloneDX 1.6): the libraries on the runtime
 * class path, and what a library's jar contains and its POM does not name, which are copies of
 * other libraries, and native libraries. The licences are those of the POMs.
 */
public final class BillOfMaterials {
    /** Its name in the function's directory. */
    public static final String NAME = "authoriser.cdx.json";

    /**
     * What a library contains.
     *
     * @param library the artifact id of the library
     * @param version empty where the library does not state it
     * @param place a package in the function's jar, or the start of a native library's name
     */
    record Embedded(String library, String name, String version, String licence, String place) {}

    static final List<Embedded> EMBEDDED =
            List.of(
                    new Embedded(
                            "aws-lambda-java-runtime-interface-client",
                            "aws-lambda-cpp",
                            "0.2.7",
                            "Apache-2.0",
                            "jni/libaws-lambda-jni"),
                    new Embedded(
                            "aws-lambda-java-runtime-interface-client",
                            "curl",
                            "7.83.1",
                            "curl",
                            "jni/libaws-lambda-jni"),
                    new Embedded(
                            "aws-lambda-java-serialization",
                            "gson",
                            "2.10.1",
                            "Apache-2.0",
                            "com/amazonaws/lambda/thirdparty/com/google/gson/"),
                    new Embedded(
                            "nimbus-jose-jwt",
                            "gson",
                            "2.14.0",
                            "Apache-2.0",
                            "com/nimbusds/jose/shaded/gson/"),
                    new Embedded(
                            "nimbus-jose-jwt",
                            "jcip-annotations",
                            "1.0-1",
                            "Apache-2.0",
                            "com/nimbusds/jose/shaded/jcip/"),
                    new Embedded(
                            "jackson-core",
                            "FastDoubleParser",
                            "",
                            "MIT",
                            "com/fasterxml/jackson/core/internal/shaded/fdp/"),
                    new Embedded(
                            "jackson-core",
                            "Schubfach",
                            "",
                            "MIT",
                            "com/fasterxml/jackson/core/io/schubfach/"),
                    new Embedded(
                            "conscrypt-openjdk-uber",
                            "BoringSSL",
                            "",
                            "Apache-2.0",
                            "jni/libconscrypt_openjdk_jni"),
                    new Embedded(
                            "conscrypt-openjdk-uber",
                            "fiat-crypto",
                            "",
                            "MIT",
                            "jni/libconscrypt_openjdk_jni"));

    /** SPDX identifiers by the names that the POMs have. */
    private static final Map<String, String> LICENCES =
            Map.of(
                    "Apache License, Version 2.0", "Apache-2.0",
                    "Apache-2.0", "Apache-2.0",
                    "Apache 2", "Apache-2.0",
                    "The Apache License, Version 2.0", "Apache-2.0",
                    "The Apache Software License, Version 2.0", "Apache-2.0");

    private final Path repository;
    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private BillOfMaterials(Path repository) {
        this.repository = repository;
    }

    /**
     * @param arguments the version of the function, the file with the class path, Maven's local
     *     repository, and the function's directory
     */
    public static void main(String[] arguments) throws Exception {
        Path function = Path.of(arguments[3]);
        String classPath = Files.readString(Path.of(arguments[1])).strip();
        var bill = new BillOfMaterials(Path.of(arguments[2]));
        Files.writeString(
                function.resolve(NAME), bill.write(arguments[0], classPath, function) + "\n");
    }

    private String write(String version, String classPath, Path function) throws Exception {
        ObjectNode bill = json.createObjectNode();
        bill.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
        identify(
                bill.putObject("metadata").putObject("component").put("type", "application"),
                "cognito-request-authoriser",
                "cognito-request-authoriser",
                version);
        ArrayNode components = bill.putArray("components");
        for (String jar : Stream.of(classPath.split(File.pathSeparator)).sorted().toList()) {
            ObjectNode library = components.addObject().put("type", "library");
            describe(library, Path.of(jar));
            extend(library, function);
        }
        return json.writeValueAsString(bill);
    }

    private static void identify(ObjectNode node, String group, String name, String version) {
        String purl = "pkg:maven/" + group + "/" + name + "@" + version + "?type=jar";
        node.put("bom-ref", purl)
                .put("group", group)
                .put("name", name)
                .put("version", version)
                .put("purl", purl);
    }

    private void describe(ObjectNode library, Path jar) throws Exception {
        Path version = jar.getParent();
        Path name = version.getParent();
        identify(
                library,
                repository.relativize(name.getParent()).toString().replace('/', '.'),
                name.getFileName().toString(),
                version.getFileName().toString());
        library.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(jar));
        String pom = jar.getFileName().toString().replaceFirst("\\.jar$", ".pom");
        library.putArray("licenses")
                .addObject()
                .putObject("license")
                .put("id", licence(version.resolve(pom)));
    }

    /** The licence of a POM, or of the nearest of its parents that names one. */
    private String licence(Path pom) throws Exception {
        var document =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(pom.toFile());
        XPath path = XPathFactory.newDefaultInstance().newXPath();
        String name = path.evaluate("/project/licenses/license[1]/name", document).strip();
        if (!name.isEmpty()) {
            String licence = LICENCES.get(name);
            if (licence == null) {
                throw new IllegalStateException(pom + " has the unknown licence " + name);
            }
            return licence;
        }
        String group = path.evaluate("/project/parent/groupId", document).strip();
        String parent = path.evaluate("/project/parent/artifactId", document).strip();
        String version = path.evaluate("/project/parent/version", document).strip();
        if (parent.isEmpty()) {
            throw new IllegalStateException(pom + " names no licence");
        }
        return licence(
                repository
                        .resolve(group.replace('.', '/'))
                        .resolve(parent)
                        .resolve(version)
                        .resolve(parent + "-" + version + ".pom"));
    }

    private static void extend(ObjectNode library, Path function) {
        ArrayNode parts = library.arrayNode();
        for (Embedded embedded : EMBEDDED) {
            if (!embedded.library().equals(library.path("name").asText())) {
                continue;
            }
            ObjectNode part = parts.addObject().put("type", "library").put("name", embedded.name());
            if (!embedded.version().isEmpty()) {
                part.put("version", embedded.version());
            }
            part.putArray("licenses")
                    .addObject()
                    .putObject("license")
                    .put("id", embedded.licence());
            part.putObject("evidence")
                    .putArray("occurrences")
                    .addObject()
                    .put("location", embedded.place());
        }
        EMBEDDED.stream()
                .filter(embedded -> embedded.library().equals(library.path("name").asText()))
                .map(Embedded::place)
                .filter(place -> place.startsWith("jni/"))
                .distinct()
                .flatMap(place -> nativeLibraries(function, place).stream())
                .forEach(file -> {
                    ObjectNode part =
                            parts.addObject()
                                    .put("type", "file")
                                    .put("name", function.relativize(file).toString());
                    part.putArray("hashes")
                            .addObject()
                            .put("alg", "SHA-256")
                            .put("content", sha256(file));
                });
        if (!parts.isEmpty()) {
            library.set("components", parts);
        }
    }

    private static List<Path> nativeLibraries(Path function, String start) {
        try (Stream<Path> files = Files.list(function.resolve("jni"))) {
            return files.filter(file -> function.relativize(file).toString().startsWith(start))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("The native libraries cannot be listed", e);
        }
    }

    static String sha256(Path file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("No digest of " + file, e);
        }
    }
}
