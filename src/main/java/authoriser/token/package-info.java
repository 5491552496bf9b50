/** Verifies access tokens, and keeps the JWK Sets of their issuers. */
@NullMarked
package authoriser.token;

import org.jspecify.annotations.NullMarked;
