/** Sends HTTP requests over TCP and TLS, each within a deadline. */
@NullMarked
package authoriser.http;

import org.jspecify.annotations.NullMarked;
