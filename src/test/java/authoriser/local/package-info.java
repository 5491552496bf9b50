/**
 * The outside world on one machine: stand-ins for everything that the function talks to and for
 * everything that calls it. Unit and integration tests, the training run of the start-up archive
 * and the local gateway all use these.
 *
 * <p>Stand-ins listen on loopback only, on a port of the system's choosing, and are closed with
 * try-with-resources.
 */
package authoriser.local;
