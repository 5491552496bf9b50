/**
 * Renews what is fetched and shared: one fetch at a time, ahead of need, with pauses after
 * failures.
 */
@NullMarked
package authoriser.renewal;

import org.jspecify.annotations.NullMarked;
