package io.agentledger.command.report;

/** Thrown when a report is not needed any more. */
final class ReportInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReportInterruptedException() {
    super("interrupted");
  }
}
