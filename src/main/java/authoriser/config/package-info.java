/** Reads and checks the settings once, and reports all problems together. */
@NullMarked
package authoriser.config;

import org.jspecify.annotations.NullMarked;
