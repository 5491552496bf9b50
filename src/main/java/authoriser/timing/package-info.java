/** Deadlines, ages, pauses, renewals, and the invocation that they belong to. */
@NullMarked
package authoriser.timing;

import org.jspecify.annotations.NullMarked;
