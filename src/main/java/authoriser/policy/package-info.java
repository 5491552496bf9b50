/** A decision in the words of API Gateway. */
@NullMarked
package authoriser.policy;

import org.jspecify.annotations.NullMarked;
