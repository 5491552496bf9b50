/**
 * What stands in for the services that the function asks, and for keys, certificates, tokens,
 * events and clocks. Tests, the training of the start-up archive and the local gateway use it.
 *
 * <p>Servers listen on loopback only, on a port of the system's choice, and are closed by
 * try-with-resources.
 */
package authoriser.standin;
