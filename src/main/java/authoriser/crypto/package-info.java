/** The native library that does the arithmetic of TLS and RSA. */
@NullMarked
package authoriser.crypto;

import org.jspecify.annotations.NullMarked;
