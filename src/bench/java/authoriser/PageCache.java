package authoriser;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/** The kernel's cache of what it has read from files. */
final class PageCache {
    /** Lambda reads an image in chunks of this size. */
    private static final int CHUNK_BYTES = 512 * 1024;

    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
    private static final String PAGES_AND_NAMES = "3";

    private PageCache() {}

    /**
     * How much of a file is in the cache.
     *
     * @param chunks those with at least one page in the cache, counted from the file's first byte
     * @param all the chunks of the whole file
     */
    record Part(int chunks, int all, double mebibytes) {}

    /** Whether this user may empty it. */
    static boolean canBeEmptied() {
        return Files.isWritable(DROP);
    }

    /** Empties it, except for what running processes have mapped. */
    static void empty() throws IOException {
        Linux.sync();
        Files.writeString(DROP, PAGES_AND_NAMES);
    }

    static Part part(Path file) throws IOException {
        long size = Files.size(file);
        if (size == 0) {
            return new Part(0, 0, 0);
        }
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            boolean[] cached = Linux.cachedPages(mapped);
            BitSet chunks = new BitSet();
            long pages = 0;
            for (int i = 0; i < cached.length; i++) {
                if (cached[i]) {
                    chunks.set((int) ((long) i * Linux.pageBytes() / CHUNK_BYTES));
                    pages++;
                }
            }
            return new Part(
                    chunks.cardinality(),
                    (int) ((size + CHUNK_BYTES - 1) / CHUNK_BYTES),
                    pages * Linux.pageBytes() / 1024.0 / 1024.0);
        }
    }
}
