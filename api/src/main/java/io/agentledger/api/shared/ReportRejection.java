package io.agentledger.api.shared;

/** Rejections about reports. */
public sealed interface ReportRejection extends Rejection {
  /**
   * The report has no file: it is not completed, or it failed or was cancelled.
   *
   * @param status of the report, in lower case
   */
  record ReportNotCompleted(String reportId, String status) implements ReportRejection {
    @Override
    public String code() {
      return "report_not_completed";
    }

    @Override
    public String message() {
      return "The report "
          + reportId
          + " is "
          + status
          + ", so it has no file. GET /reports/{id} returns its status, and POST /reports requests"
          + " another one.";
    }
  }
}
