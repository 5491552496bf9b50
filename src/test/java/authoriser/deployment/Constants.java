package authoriser.deployment;

import java.lang.reflect.Field;

/** Private limits of the main code. */
final class Constants {
    private Constants() {}

    /** The value of a static field, by {@code package.Class.FIELD} below {@code authoriser}. */
    static Object of(String name) {
        int dot = name.lastIndexOf('.');
        try {
            Field field =
                    Class.forName("authoriser." + name.substring(0, dot))
                            .getDeclaredField(name.substring(dot + 1));
            field.setAccessible(true);
            return field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("The documents have a limit that the code lacks: " + name, e);
        }
    }
}
