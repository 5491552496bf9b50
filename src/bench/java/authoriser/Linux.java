package authoriser;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Functions of the C library on Linux that Java has no method for. */
final class Linux {
    /** Of a set of 1,024 processors. */
    private static final int SET_BYTES = 128;

    private static final MethodHandle PAGE_BYTES = function("getpagesize");
    private static final MethodHandle SYNC = handle("sync", FunctionDescriptor.ofVoid());
    private static final MethodHandle MINCORE = function("mincore", ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle CLOCK_OF = function("clock_getcpuclockid", JAVA_INT, ADDRESS);
    private static final MethodHandle CLOCK = function("clock_gettime", JAVA_INT, ADDRESS);
    private static final MethodHandle GET_AFFINITY =
            function("sched_getaffinity", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SET_AFFINITY =
            function("sched_setaffinity", JAVA_INT, JAVA_LONG, ADDRESS);

    private Linux() {}

    /** The size of a page of memory. */
    static int pageBytes() {
        return result("getpagesize", () -> (int) PAGE_BYTES.invokeExact());
    }

    /** Writes to the disks what has not been written yet. */
    static void sync() {
        result(
                "sync",
                () -> {
                    SYNC.invokeExact();
                    return 0;
                });
    }

    /**
     * Says for each page of a mapped file whether the page cache holds it.
     *
     * @param file from its first byte on
     */
    static boolean[] cachedPages(MemorySegment file) {
        int pages = Math.toIntExact((file.byteSize() + pageBytes() - 1) / pageBytes());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment states = arena.allocate(pages);
            check("mincore", () -> (int) MINCORE.invokeExact(file, file.byteSize(), states));
            boolean[] cached = new boolean[pages];
            for (int i = 0; i < pages; i++) {
                cached[i] = (states.get(ValueLayout.JAVA_BYTE, i) & 1) == 1;
            }
            return cached;
        }
    }

    /** The processor time that all threads of a process have used, in nanoseconds. */
    static long processorNanos(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment clock = arena.allocate(JAVA_INT);
            MemorySegment time = arena.allocate(JAVA_LONG, 2);
            check("clock_getcpuclockid", () -> (int) CLOCK_OF.invokeExact((int) pid, clock));
            int id = clock.get(JAVA_INT, 0);
            check("clock_gettime", () -> (int) CLOCK.invokeExact(id, time));
            return time.getAtIndex(JAVA_LONG, 0) * 1_000_000_000 + time.getAtIndex(JAVA_LONG, 1);
        }
    }

    /** The processors that a thread may run on: bit n is for processor n. */
    static byte[] affinity(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(SET_BYTES);
            check(
                    "sched_getaffinity",
                    () -> (int) GET_AFFINITY.invokeExact(thread, (long) SET_BYTES, set));
            return set.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Lets a thread run on these processors only; threads and processes that it starts, too. */
    static void affinity(int thread, byte[] processors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocateFrom(ValueLayout.JAVA_BYTE, processors);
            check(
                    "sched_setaffinity",
                    () -> (int) SET_AFFINITY.invokeExact(thread, set.byteSize(), set));
        }
    }

    private interface Call {
        int result() throws Throwable;
    }

    private static void check(String name, Call call) {
        int result = result(name, call);
        if (result != 0) {
            throw new IllegalStateException(name + " returns " + result);
        }
    }

    private static int result(String name, Call call) {
        try {
            return call.result();
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout... parameters) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
