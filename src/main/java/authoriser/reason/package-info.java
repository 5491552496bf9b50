/** The reasons for decisions. */
@NullMarked
package authoriser.reason;

import org.jspecify.annotations.NullMarked;
