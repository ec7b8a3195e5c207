package io.agentledger.command.audit;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.audit.AuditCommand;
import io.agentledger.api.audit.AuditCommand.CountDenials;
import io.agentledger.api.audit.AuditCommand.ExportAudit;
import io.agentledger.api.audit.AuditEvent;
import io.agentledger.api.audit.AuditEvent.AuditExported;
import io.agentledger.api.audit.AuditEvent.DenialsCounted;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * Counts of denied requests and exports of the audit log of one tenant on one day. It rejects
 * nothing. Audit entries are selected from events by the audit projection.
 */
@Aggregate(type = "AccessAudit")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class AccessAudit {
  @AggregateIdentifier private AuditId id;
  private @Nullable String tenant;

  AccessAudit() {}

  @CommandHandlerInterceptor
  void checkTenant(
      AuditCommand command, @MetaDataValue(Provenance.TENANT) @Nullable String tenantId) {
    if (id != null && !Objects.equals(tenant, tenantId))
      throw new RejectionException(new NotFound("audit", command.auditId().value()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void recordDenials(CountDenials command) {
    apply(new DenialsCounted(command.auditId(), command.node(), command.since(), command.counts()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void export(ExportAudit command) {
    apply(new AuditExported(command.auditId(), command.format(), command.filter()));
  }

  @EventSourcingHandler
  void on(AuditEvent event, @MetaDataValue(Provenance.TENANT) @Nullable String tenantId) {
    id = event.auditId();
    tenant = tenantId;
  }
}
