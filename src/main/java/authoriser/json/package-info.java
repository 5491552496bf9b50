/** Reads and writes JSON: by streaming, and strictly where others write it. */
@NullMarked
package authoriser.json;

import org.jspecify.annotations.NullMarked;
