/** A Lambda REQUEST authoriser for API Gateway, its entry point and the wiring of its parts. */
@NullMarked
package authoriser;

import org.jspecify.annotations.NullMarked;
