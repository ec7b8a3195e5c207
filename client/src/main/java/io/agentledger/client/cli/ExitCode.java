package io.agentledger.client.cli;

/** Exit codes of the program. */
final class ExitCode {
  static final int OK = 0;

  /**
   * The run failed, a call was denied by a rule or for lack of a user, or the service refused a
   * request or the key.
   */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** There is no service, it failed, or its responses are not valid. */
  static final int SERVICE = 3;

  /** The user interrupted the program with Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
