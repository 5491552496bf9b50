/** Reads the client secret. */
@NullMarked
package authoriser.secrets;

import org.jspecify.annotations.NullMarked;
