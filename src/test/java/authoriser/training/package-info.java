/** Trains the start-up archive in the build. */
package authoriser.training;
