/**
 * Tests of the files for deployment. They are compared with the code, the templates are evaluated,
 * and the scripts of the pipeline are run.
 */
package authoriser.deployment;
