/**
 * Takes inputs of any shape, made by a fuzzer or kept in files, and checks what must always hold.
 */
package authoriser.fuzzing;
