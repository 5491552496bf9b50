/** How JSON is read and written here: by streaming, strictly where it comes from outside. */
@NullMarked
package authoriser.json;

import org.jspecify.annotations.NullMarked;
