/**
 * The files that bring the function into production, held against the code and tried out: what
 * CloudFormation makes of the template, and what the pipeline's scripts do.
 */
package authoriser.deployment;
