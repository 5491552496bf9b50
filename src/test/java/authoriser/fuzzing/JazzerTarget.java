package authoriser.fuzzing;

/** What Jazzer calls: a target by its name, for one process. */
public final class JazzerTarget {
    private static FuzzTarget target;

    private JazzerTarget() {}

    /** Makes the target whose name is the only argument. */
    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.of(arguments[0]).make();
        target.take(new byte[0]); // loading classes takes seconds, which no input must account for
    }

    /** Gives the target an input. */
    public static void fuzzerTestOneInput(byte[] input) {
        target.take(input);
    }
}
