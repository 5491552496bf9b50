/** One way out of the process, held to a deadline as a whole. */
@NullMarked
package authoriser.http;

import org.jspecify.annotations.NullMarked;
