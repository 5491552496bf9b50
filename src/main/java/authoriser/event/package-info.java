/** What came in: four shapes of event, parsed once into one request. */
@NullMarked
package authoriser.event;

import org.jspecify.annotations.NullMarked;
