/**
 * Runs the built function as Lambda does: its directory, its process, and the Lambda Runtime API.
 */
package authoriser.lambda;
