package io.agentledger.command.report;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportTemplateCommand;
import io.agentledger.api.report.ReportTemplateCommand.ArchiveReportTemplate;
import io.agentledger.api.report.ReportTemplateCommand.ChangeReportTemplate;
import io.agentledger.api.report.ReportTemplateCommand.CreateReportTemplate;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateArchived;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateChanged;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateCreated;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.UntrustedJson;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Report template with its versions. Its definition is sealed and not kept in memory. */
@Aggregate(type = "ReportTemplate")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class ReportTemplateAggregate extends ConfigurationAggregate<ReportTemplateId> {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  ReportTemplateAggregate() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ReportTemplateId create(
      CreateReportTemplate command,
      TenantId owningTenant,
      ReportTemplateLookupTable templates,
      Sealer sealer) {
    if (id != null) return id;
    requireFreeName(command.templateId(), command.name(), owningTenant, templates);
    if (templates.countOf(owningTenant) >= ReportTemplateCommand.TEMPLATES_MAX)
      throw new RejectionException(
          new TooMany("report_templates", ReportTemplateCommand.TEMPLATES_MAX));
    var definition = command.definition();
    apply(
        new ReportTemplateCreated(
            command.templateId(),
            definition.type(),
            command.name(),
            seal(command.templateId(), ReportTemplateCreated.class, definition, sealer)));
    return command.templateId();
  }

  @CommandHandler
  long change(ChangeReportTemplate command, ReportTemplateLookupTable templates, Sealer sealer) {
    requireNotArchived();
    requireVersion(command.version());
    requireFreeName(id, command.name(), owningTenant(), templates);
    var definition = command.definition();
    apply(
        new ReportTemplateChanged(
            id,
            version + 1,
            definition.type(),
            command.name(),
            seal(id, ReportTemplateChanged.class, definition, sealer)));
    return version;
  }

  @CommandHandler
  void archive(ArchiveReportTemplate command) {
    if (!archived) apply(new ReportTemplateArchived(id));
  }

  private static void requireFreeName(
      ReportTemplateId id, String name, TenantId tenant, ReportTemplateLookupTable templates) {
    if (templates.isNameTaken(tenant, name, id))
      throw new RejectionException(new NameTaken("report_template", name));
  }

  private static Content seal(
      ReportTemplateId id, Class<?> event, ReportTemplateDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(ReportTemplateCreated event, TenantId tenant) {
    create(event.templateId(), tenant);
  }

  @EventSourcingHandler
  void on(ReportTemplateChanged event) {
    version = event.version();
  }

  @EventSourcingHandler
  void on(ReportTemplateArchived event) {
    archived = true;
  }
}
