/** Writes one JSON line for each invocation, which is log record and metrics in one. */
@NullMarked
package authoriser.telemetry;

import org.jspecify.annotations.NullMarked;
