package io.agentledger.api.audit;

import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Commands that record access to data. */
@StableName("audit")
public sealed interface AuditCommand extends ApiCommand {
  @TargetAggregateIdentifier
  AuditId auditId();

  /** Records the requests that the API of a node denied within a minute. */
  @InternalOnly
  @StableName("CountDenials")
  record CountDenials(AuditId auditId, String node, Instant since, List<Count> counts)
      implements AuditCommand {}

  /** Records that the caller exports the access audit. */
  @RequiresScope(Scope.AUDIT_READ)
  @StableName("ExportAudit")
  record ExportAudit(AuditId auditId, ExportFormat format, String filter) implements AuditCommand {}
}
