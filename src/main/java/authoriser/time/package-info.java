/** Deadlines, ages, and pauses after failures. */
@NullMarked
package authoriser.time;

import org.jspecify.annotations.NullMarked;
