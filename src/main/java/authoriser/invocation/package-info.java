/** One invocation of the function, and the work that runs beside it. */
@NullMarked
package authoriser.invocation;

import org.jspecify.annotations.NullMarked;
