package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.event.RequestEvent;
import authoriser.standin.Events;
import authoriser.trust.PeerTrust;
import authoriser.trust.TrustStore;
import com.amazonaws.services.lambda.runtime.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/**
 * Every state that remains after an invocation is in the note that says why it is safe.
 *
 * <p>Follows the references from a handler, and from all static fields, through objects of our own
 * classes. A field is such a state if it can be assigned, or holds an array, a collection that can
 * be changed, or an object of a library. The collections that {@link Config} holds are settings.
 */
class StatesTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path NOTE =
            Path.of("src/docs/decisions/24-callers-do-not-affect-each-other.md");
    private static final Pattern FIELD = Pattern.compile("`([A-Z]\\w*(?:\\.[A-Z]\\w*)*\\.\\w+)`");

    /** Immutable types, and types of this project, whose fields are searched. */
    private static final List<String> UNCHANGING =
            List.of(
                    "authoriser.",
                    "java.lang.Boolean",
                    "java.lang.Integer",
                    "java.lang.Long",
                    "java.lang.String",
                    "java.time.",
                    "java.util.Collections$Unmodifiable",
                    "java.util.ImmutableCollections$");

    private final Set<Object> settings = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> states = new TreeSet<>();

    @Test
    void areExactlyThoseOfTheNote() throws Exception {
        InMemoryFunction used = new InMemoryFunction();
        AuthoriserHandler handler = used.handler();
        Context context = Mockito.mock(Mockito.RETURNS_MOCKS);
        Mockito.when(context.getRemainingTimeInMillis()).thenReturn(3_000);
        handler.handleRequest(
                RequestEvent.read(new ByteArrayInputStream(Events.rest(used.tokens.access()))),
                context);

        follow(handler);
        follow(Wiring.of(Environment.with()));
        follow(
                Wiring.of(
                        Environment.with(
                                "ValidationServiceClientSecretValue",
                                null,
                                "ValidationServiceClientSecretArn",
                                "a-secret")));
        follow(PeerTrust.in(TrustStore.ofJvm()));
        for (Class<?> type : ourClasses()) {
            fields(type, null);
        }

        assertEquals(String.join("\n", named()), String.join("\n", states));
    }

    private static Set<String> named() throws IOException {
        Set<String> named = new TreeSet<>();
        FIELD.matcher(Files.readString(NOTE)).results().forEach(found -> named.add(found.group(1)));
        return named;
    }

    private static List<Class<?>> ourClasses() throws IOException, ClassNotFoundException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            List<String> names =
                    files.map(file -> CLASSES.relativize(file).toString())
                            .filter(file ->
                                    file.endsWith(".class") && !file.endsWith("-info.class"))
                            .map(file -> file.replace(".class", "").replace('/', '.'))
                            .toList();
            List<Class<?>> classes = new ArrayList<>();
            for (String name : names) {
                classes.add(Class.forName(name, false, StatesTest.class.getClassLoader()));
            }
            return classes;
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("authoriser.")
                && Files.exists(CLASSES.resolve(type.getName().replace('.', '/') + ".class"));
    }

    private void follow(Object object) throws IllegalAccessException {
        if (object == null || !visited.add(object)) {
            return;
        }
        switch (object) {
            case Optional<?> optional -> follow(optional.orElse(null));
            case Collection<?> many -> {
                for (Object one : many) {
                    follow(one);
                }
            }
            case Map<?, ?> map -> follow(map.values());
            case Object[] many -> follow(List.of(many));
            default -> {
                for (Class<?> type = object.getClass(); isOurs(type); type = type.getSuperclass()) {
                    fields(type, object);
                }
            }
        }
    }

    /** Searches the fields of an object, or the static fields of a class if there is no object. */
    private void fields(Class<?> type, Object object) throws IllegalAccessException {
        for (Field field : type.getDeclaredFields()) {
            boolean isStatic = Modifier.isStatic(field.getModifiers());
            if (field.isSynthetic() || isStatic != (object == null)) {
                continue;
            }
            field.setAccessible(true);
            Object value = field.get(object);
            if (object instanceof Config) {
                settings.add(value);
            }
            if (!Modifier.isFinal(field.getModifiers())
                    || (canChange(value) && !settings.contains(value))) {
                states.add(
                        type.getName().replaceFirst(".*\\.", "").replace('$', '.')
                                + "."
                                + field.getName());
            }
            follow(value);
        }
    }

    private static boolean canChange(Object value) {
        if (value instanceof Optional<?> optional) {
            return canChange(optional.orElse(null));
        }
        if (value == null || value instanceof Enum || value.getClass().isHidden()) {
            return false;
        }
        if (value.getClass().isArray()) {
            return Array.getLength(value) > 0;
        }
        String type = value.getClass().getName();
        return UNCHANGING.stream().noneMatch(type::startsWith);
    }
}
