/** Where the client secret comes from. */
@NullMarked
package authoriser.secrets;

import org.jspecify.annotations.NullMarked;
