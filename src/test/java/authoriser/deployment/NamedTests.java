package authoriser.deployment;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;

/** The tests that a page names as {@code Class.method} or {@code Class.Nested.method}. */
final class NamedTests {
    private static final Path SOURCES = Path.of("src", "test", "java");

    private static final Set<Class<? extends Annotation>> RUN =
            Set.of(Test.class, AfterEach.class, AfterAll.class);

    /** The binary names of the classes by their simple names. */
    private final Map<String, String> classes;

    NamedTests() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            classes =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .map(file -> SOURCES.relativize(file).toString())
                            .filter(file -> !file.endsWith("package-info.java"))
                            .map(file -> file.substring(0, file.length() - ".java".length()))
                            .collect(
                                    toMap(
                                            file -> Path.of(file).getFileName().toString(),
                                            file -> file.replace('/', '.'),
                                            (one, _) -> one));
        }
    }

    /** Whether JUnit runs a method of this name, as a test or after the tests. */
    boolean exist(String name) {
        int dot = name.lastIndexOf('.');
        int nested = name.indexOf('.');
        String outer = classes.get(nested < 0 ? name : name.substring(0, nested));
        if (outer == null) {
            return false;
        }
        try {
            String inner =
                    nested < dot ? "$" + name.substring(nested + 1, dot).replace('.', '$') : "";
            Class<?> type = Class.forName(outer + inner, false, NamedTests.class.getClassLoader());
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(name.substring(dot + 1)))
                    .anyMatch(NamedTests::isTest);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean isTest(Method method) {
        return Stream.of(method.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type ->
                        RUN.contains(type)
                                // such as @ParameterizedTest
                                || type.isAnnotationPresent(TestTemplate.class));
    }
}
