package io.agentledger.api.report;

/** Port by which the gateway checks and shows a template before a report exists. */
public interface ReportTemplatePreviewer {
  /**
   * Returns a template with sample facts as a page of HTML.
   *
   * @throws InvalidReportTemplateException if it cannot be rendered
   */
  String preview(ReportTemplateDefinition definition);

  /** Thrown for a text that is no valid template. */
  final class InvalidReportTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field {@code introduction} or {@code closing}
     * @param message the violation, as "must ..."
     */
    public InvalidReportTemplateException(String field, String message) {
      super(message);
      this.field = field;
    }

    public String field() {
      return field;
    }
  }
}
