/** The Lambda function: the handler, its wiring, and its work in Lambda's INIT phase. */
@NullMarked
package authoriser;

import org.jspecify.annotations.NullMarked;
