/** Draws the plots of the pages from their CSV files. */
package authoriser.plots;
