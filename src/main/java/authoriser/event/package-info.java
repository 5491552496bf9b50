/** Parses the four kinds of event into one kind of request. */
@NullMarked
package authoriser.event;

import org.jspecify.annotations.NullMarked;
