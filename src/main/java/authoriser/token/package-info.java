/** Is this token good? The strict front door, the key stores, the verifier. */
@NullMarked
package authoriser.token;

import org.jspecify.annotations.NullMarked;
