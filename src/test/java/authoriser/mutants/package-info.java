/** Checks the report of the mutation tests: {@code mvn -Ppitest}. */
package authoriser.mutants;
