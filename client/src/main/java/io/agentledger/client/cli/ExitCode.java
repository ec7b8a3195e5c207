package io.agentledger.client.cli;

/** Exit codes of the program. */
final class ExitCode {
  static final int OK = 0;

  /** The run failed, a call was denied and not by a person here, or the service said no. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** There is no service, or it does not answer as it should. */
  static final int SERVICE = 3;

  /** Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
