package io.agentledger.api.report;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a report template. */
public sealed interface ReportTemplateEvent {
  ReportTemplateId templateId();

  /**
   * The template was created with version 1.
   *
   * @param definition {@link ReportTemplateDefinition} as JSON
   */
  @Revision("1")
  @StableName("ReportTemplateCreated")
  record ReportTemplateCreated(
      ReportTemplateId templateId, ReportType type, @ShownInAudit String name, Content definition)
      implements ReportTemplateEvent {}

  /**
   * The template has another version.
   *
   * @param definition {@link ReportTemplateDefinition} as JSON
   */
  @Revision("1")
  @StableName("ReportTemplateChanged")
  record ReportTemplateChanged(
      ReportTemplateId templateId,
      long version,
      ReportType type,
      @ShownInAudit String name,
      Content definition)
      implements ReportTemplateEvent {}

  /** The template was archived. */
  @Revision("1")
  @StableName("ReportTemplateArchived")
  record ReportTemplateArchived(ReportTemplateId templateId) implements ReportTemplateEvent {}
}
