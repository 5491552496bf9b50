/** Which peers are trusted over TLS, by their certificates. */
@NullMarked
package authoriser.trust;

import org.jspecify.annotations.NullMarked;
