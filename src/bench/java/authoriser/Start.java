package authoriser;

import java.nio.file.Path;
import java.util.Map;

/**
 * One cold start: from before the process up to its first Allow.
 *
 * @param started by {@link System#nanoTime}, as the next two
 * @param ready when it asked for its first event
 * @param allowed when its first answer was there
 * @param processor processor time, in milliseconds
 * @param memory the most memory, in MiB
 * @param read what came from a disk, in MiB
 */
record Start(long started, long ready, long allowed, double processor, double memory, double read) {

    static Start of(Path bootstrap, Map<String, String> settings, byte[] event) {
        try (var function = MeasuredFunction.start(bootstrap, settings)) {
            function.allow(event);
            long allowed = System.nanoTime();
            ProcessUsage usage = function.usage();
            return new Start(
                    function.started(),
                    function.ready(),
                    allowed,
                    usage.processorMillis(),
                    usage.peakMebibytes(),
                    usage.readMebibytes());
        }
    }

    /** Until the function asks for its first event, in milliseconds. */
    double init() {
        return (ready - started) / 1e6;
    }

    /** Until the first Allow, in milliseconds. */
    double whole() {
        return (allowed - started) / 1e6;
    }
}
