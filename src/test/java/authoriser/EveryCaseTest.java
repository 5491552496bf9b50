package authoriser;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The compiler checks that every case of a sealed type is handled, at no cost at a start. */
class EveryCaseTest {
    private static final Path CLASSES = Path.of("target", "classes");

    /** The packages that still use {@code instanceof}, and whose sealed types are. */
    private static final Set<String> NOT_YET = Set.of("token", "validation");

    @Test
    void noClassHasAPatternSwitch() throws IOException {
        Set<String> users = new TreeSet<>();
        for (ClassModel type : classes()) {
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
    void noCaseOfASealedTypeIsAskedForByInstanceofOrACast() throws IOException {
        Set<String> cases =
                classes().stream()
                        .filter(type -> !NOT_YET.contains(packageOf(type)))
                        .flatMap(type ->
                                type.findAttribute(Attributes.permittedSubclasses()).stream())
                        .flatMap(permitted -> permitted.permittedSubclasses().stream())
                        .map(ClassEntry::asInternalName)
                        .collect(toSet());
        Set<String> checks = new TreeSet<>();
        for (ClassModel type : classes()) {
            if (NOT_YET.contains(packageOf(type))) {
                continue;
            }
            for (var method : type.methods()) {
                method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .filter(TypeCheckInstruction.class::isInstance)
                        .map(TypeCheckInstruction.class::cast)
                        .filter(check -> cases.contains(check.type().asInternalName()))
                        .map(check ->
                                nameOf(type)
                                        + ": "
                                        + check.opcode()
                                        + " "
                                        + check.type().asInternalName())
                        .forEach(checks::add);
            }
        }

        assertEquals(Set.of(), checks);
    }

    private static List<ClassModel> classes() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
            var classes = new ArrayList<ClassModel>();
            for (Path file : all) {
                classes.add(ClassFile.of().parse(file));
            }
            return classes;
        }
    }

    private static String nameOf(ClassModel type) {
        return type.thisClass().asInternalName();
    }

    private static String packageOf(ClassModel type) {
        return nameOf(type).split("/")[1];
    }
}
