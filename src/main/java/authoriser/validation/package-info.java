/** Does the business say yes? The validation service and our tokens for it. */
@NullMarked
package authoriser.validation;

import org.jspecify.annotations.NullMarked;
