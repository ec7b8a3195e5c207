package io.agentledger.api.report;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for report templates. */
@StableName("report_template")
public sealed interface ReportTemplateCommand extends ApiCommand {
  /** Maximum number of report templates of a tenant, without archived ones. */
  int TEMPLATES_MAX = 100;

  @TargetAggregateIdentifier
  ReportTemplateId templateId();

  /**
   * Creates a template and returns its {@link ReportTemplateId}.
   *
   * @param name unique in its tenant
   */
  @RequiresScope(Scope.REPORTS_WRITE)
  @StableName("CreateReportTemplate")
  record CreateReportTemplate(
      ReportTemplateId templateId,
      String name,
      ReportTemplateDefinition definition,
      @Nullable Idempotency idempotency)
      implements ReportTemplateCommand, Idempotent {}

  /**
   * Creates the next version and returns it; reports that were requested keep theirs.
   *
   * @param version version that the change is based on; the command is rejected if the template has
   *     another version
   */
  @RequiresScope(Scope.REPORTS_WRITE)
  @StableName("ChangeReportTemplate")
  record ChangeReportTemplate(
      ReportTemplateId templateId, String name, ReportTemplateDefinition definition, long version)
      implements ReportTemplateCommand {}

  /** Archives a template permanently. Idempotent. */
  @RequiresScope(Scope.REPORTS_WRITE)
  @StableName("ArchiveReportTemplate")
  record ArchiveReportTemplate(ReportTemplateId templateId) implements ReportTemplateCommand {}
}
