/** The words for why a request was decided as it was. */
@NullMarked
package authoriser.reason;

import org.jspecify.annotations.NullMarked;
