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
   * Requests that the API of a node denied within one minute.
   *
   * @param since start of that minute
   */
  @Audited(Outcome.DENIED)
  @Revision("2")
  @StableName("DenialsCounted")
  record DenialsCounted(AuditId auditId, String node, Instant since, List<Count> counts)
      implements AuditEvent {}

  /**
   * Number of denials of one kind from one source.
   *
   * @param ip empty if unknown; {@code *} combines the sources that exceed the limit of separate
   *     counts
   * @param route template, or {@code *}
   * @param credentialId id of the credential, or empty
   * @param actor {@code type:id} of the credential's user or agent, or empty
   * @param userAgent user agent of the last request, or empty
   * @param firstRequestId id of the first request, or empty
   * @param lastRequestId id of the last request, or empty
   */
  record Count(
      String ip,
      Reason reason,
      String route,
      String credentialId,
      String actor,
      String userAgent,
      String firstRequestId,
      String lastRequestId,
      long count) {}

  /**
   * A caller exported the access audit; recorded before the first byte is sent.
   *
   * @param filter filter of the export, as the query string of the request
   */
  @Revision("1")
  @StableName("AuditExported")
  record AuditExported(AuditId auditId, ExportFormat format, String filter) implements AuditEvent {}
}
