/** Reads and writes JSON by streaming, and refuses unusual documents from outside. */
@NullMarked
package authoriser.json;

import org.jspecify.annotations.NullMarked;
