package io.agentledger.command.report;

/** Progress of a report: written by the thread that makes it, read by its job. */
final class ReportProgress {
  private static final int PERCENT_MAX = 99; // 100 is that of a completed report.

  private volatile State state = new State(0, "start");

  private record State(int percent, String stage) {}

  int percent() {
    return state.percent();
  }

  String stage() {
    return state.stage();
  }

  /**
   * Sets what is done now, and ends the report if its thread was interrupted.
   *
   * @param done of {@code total}; more is counted as all
   */
  void set(String stage, long done, long total) {
    if (Thread.currentThread().isInterrupted()) throw new ReportInterruptedException();
    long percent = total <= 0 ? 0 : Math.clamp(100 * done / total, 0, PERCENT_MAX);
    state = new State((int) percent, stage);
  }
}
