/** One JSON line an invocation: log record and metrics in one. */
@NullMarked
package authoriser.telemetry;

import org.jspecify.annotations.NullMarked;
