package io.agentledger.client.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Range of a numeric option of the command line.
 *
 * @param min the smallest value that is accepted
 * @param max the largest value that is accepted; {@link Long#MAX_VALUE} for any
 */
record OptionRange(String option, long min, long max) {
  /** Fails as a usage error if the value is outside of the range. */
  void check(CommandSpec spec, long value) {
    if (value >= min && value <= max) return;
    var expected = max == Long.MAX_VALUE ? "at least " + min : min + " to " + max;
    throw new ParameterException(
        spec.commandLine(), option + " must be " + expected + ", not " + value + ".");
  }
}
