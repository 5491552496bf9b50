/** Offers the native library's TLS, RSA and SHA-256 to the JDK. */
@NullMarked
package authoriser.crypto;

import org.jspecify.annotations.NullMarked;
