/** The Lambda function: the handler, its wiring, and what happens in INIT. */
@NullMarked
package authoriser;

import org.jspecify.annotations.NullMarked;
