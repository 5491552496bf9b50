/** A REST API of API Gateway on this machine, with the function behind it. */
package authoriser.local;
