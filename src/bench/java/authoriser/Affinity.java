package authoriser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps all threads of this JVM, and the processes that it starts meanwhile, on one processor until
 * it is closed.
 */
final class Affinity implements AutoCloseable {
    private final byte[] before;

    private Affinity(byte[] before) {
        this.before = before;
    }

    /** Keeps them on the first processor that this JVM may use. */
    static Affinity toOneProcessor() {
        byte[] before = Linux.affinity(0);
        BitSet one = new BitSet();
        one.set(BitSet.valueOf(before).nextSetBit(0));
        apply(one.toByteArray());
        return new Affinity(before);
    }

    @Override
    public void close() {
        apply(before);
    }

    private static void apply(byte[] processors) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            List<Path> all = threads.toList();
            for (Path thread : all) {
                try {
                    Linux.affinity(Integer.parseInt(thread.getFileName().toString()), processors);
                } catch (IllegalStateException e) {
                    if (Files.exists(thread)) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
