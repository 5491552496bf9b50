/** The settings, parsed once, every problem told at once. */
@NullMarked
package authoriser.config;

import org.jspecify.annotations.NullMarked;
