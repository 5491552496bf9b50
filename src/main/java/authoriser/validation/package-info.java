/** Asks the validation service, and keeps the service token for it. */
@NullMarked
package authoriser.validation;

import org.jspecify.annotations.NullMarked;
