/** Deadlines, pauses, ages, and what runs beside an invocation. */
@NullMarked
package authoriser.timing;

import org.jspecify.annotations.NullMarked;
