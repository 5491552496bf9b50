/** Writes decisions as API Gateway's policies and errors. */
@NullMarked
package authoriser.policy;

import org.jspecify.annotations.NullMarked;
