package authoriser;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The compiler checks that every case of a sealed type is handled, without a cost at the start. */
class EveryCaseTest {
    private static final Path CLASSES = Path.of("target", "classes");

    private final List<ClassModel> classes = read();

    EveryCaseTest() throws IOException {}

    @Test
    void noClassHasAPatternSwitch() {
        Set<String> users = new TreeSet<>();
        for (ClassModel type : classes) {
            for (var entry : type.constantPool()) {
                if (entry instanceof ClassEntry used
                        && used.asInternalName().equals("java/lang/runtime/SwitchBootstraps")) {
                    users.add(nameOf(type));
                }
            }
        }

        assertEquals(Set.of(), users);
    }

    @Test
    void noCaseOfASealedTypeIsTestedByInstanceof() {
        Set<String> cases = classes.stream().flatMap(type -> cases(type).stream()).collect(toSet());

        Set<String> checks = new TreeSet<>();
        for (ClassModel type : classes) {
            elements(type, TypeCheckInstruction.class)
                    .filter(check -> check.opcode() == Opcode.INSTANCEOF)
                    .map(check -> check.type().asInternalName())
                    .filter(cases::contains)
                    .forEach(asked -> checks.add(nameOf(type) + " asks for " + asked));
        }

        assertEquals(Set.of(), checks);
    }

    /** A cast after a switch is correct only if this is true. */
    @Test
    void everyCaseOfASealedTypeHasTheKindOfItsName() {
        Set<String> sealed =
                classes.stream().flatMap(type -> cases(type).stream()).collect(toSet());
        int cases = 0;
        for (ClassModel type : classes) {
            for (MethodModel method : type.methods()) {
                String name = method.methodName().stringValue();
                if (sealed.contains(nameOf(type)) && Set.of("kind", "outcome").contains(name)) {
                    String kind =
                            method.code()
                                    .orElseThrow()
                                    .elementStream()
                                    .filter(FieldInstruction.class::isInstance)
                                    .map(element ->
                                            ((FieldInstruction) element).name().stringValue())
                                    .findFirst()
                                    .orElseThrow();
                    assertEquals(kindOf(nameOf(type)), kind, nameOf(type));
                    cases++;
                }
            }
        }

        assertTrue(cases >= 16, "found " + cases);
    }

    private static String kindOf(String type) {
        return type.substring(type.lastIndexOf('$') + 1)
                .replaceAll("(?<=.)([A-Z])", "_$1")
                .toUpperCase(Locale.ROOT);
    }

    private static List<String> cases(ClassModel type) {
        return type.findAttribute(Attributes.permittedSubclasses()).stream()
                .flatMap(permitted -> permitted.permittedSubclasses().stream())
                .map(ClassEntry::asInternalName)
                .toList();
    }

    private static <T> Stream<T> elements(ClassModel type, Class<T> kind) {
        return type.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private static List<ClassModel> read() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(CLASSES)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        List<ClassModel> classes = new ArrayList<>();
        for (Path file : files) {
            classes.add(ClassFile.of().parse(file));
        }
        return classes;
    }

    private static String nameOf(ClassModel type) {
        return type.thisClass().asInternalName();
    }
}
