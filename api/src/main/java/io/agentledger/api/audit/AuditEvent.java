package io.agentledger.api.audit;

import io.agentledger.api.audit.DenialRecorder.Reason;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of the access audit itself. */
public sealed interface AuditEvent {
  AuditId auditId();

  /**
   * Requests that the API of a node denied within a minute.
   *
   * @param since when that minute began
   */
  @Audited(Outcome.DENIED)
  @Revision("1")
  @StableName("DenialsCounted")
  record DenialsCounted(AuditId auditId, String node, Instant since, List<Count> counts)
      implements AuditEvent {}

  /**
   * One kind of refusal from one source.
   *
   * @param ip empty when it is not known; {@code *} for all those that were too many to tell apart
   * @param route template, or {@code *}
   * @param credentialId its id, or empty
   */
  record Count(String ip, Reason reason, String route, String credentialId, long count) {}

  /**
   * Somebody took a copy of the access audit; recorded before its first byte.
   *
   * @param filter what it was limited to, as the query string of the request
   */
  @Revision("1")
  @StableName("AuditExported")
  record AuditExported(AuditId auditId, ExportFormat format, String filter) implements AuditEvent {}
}
