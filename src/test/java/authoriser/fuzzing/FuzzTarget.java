package authoriser.fuzzing;

/**
 * A part of the function that takes inputs which others control.
 *
 * <p>One target takes many inputs, one after the other, so that what an input leaves behind shows.
 */
public interface FuzzTarget {
    /**
     * Takes one input.
     *
     * @throws AssertionError if a property does not hold
     */
    void take(byte[] input);
}
