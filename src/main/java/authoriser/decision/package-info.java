/** Decides on requests. */
@NullMarked
package authoriser.decision;

import org.jspecify.annotations.NullMarked;
