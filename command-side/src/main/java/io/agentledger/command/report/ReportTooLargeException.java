package io.agentledger.command.report;

import io.agentledger.api.report.ReportFile;

/** Thrown when a report exceeds the largest size of a file. */
final class ReportTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReportTooLargeException() {
    super(
        "The report exceeds "
            + ReportFile.BYTES_MAX / (1024 * 1024)
            + " MiB, the largest file. Request a shorter period, or the format json or csv.");
  }
}
