/** The rule by which a request is decided. */
@NullMarked
package authoriser.decision;

import org.jspecify.annotations.NullMarked;
