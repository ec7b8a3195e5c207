package io.agentledger.projection.audit;

import io.agentledger.api.audit.Outcome;
import io.agentledger.store.postgres.BinaryCopy;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One entry; {@link AuditReader} reads it. */
@Entity
@Table(name = "audit_row")
@SuppressWarnings("NullAway.Init")
class AuditRow {
  static final String COLUMNS =
      """
      audit_row (id, tenant, at, actor_type, actor_id, credential_id, action, resource_type,
        resource_id, outcome, count, ip, user_agent, request_id, last_request_id, details, changes,
        changes_omitted)""";

  @Id private String id;
  private String tenant;
  private Instant at;
  private @Nullable String actorType;
  private @Nullable String actorId;
  private @Nullable String credentialId;
  private String action;
  private String resourceType;
  private String resourceId;

  @Enumerated(EnumType.STRING)
  private Outcome outcome;

  private long count;
  private @Nullable String ip;
  private @Nullable String userAgent;
  private String requestId;
  private @Nullable String lastRequestId;
  private String details;
  private @Nullable String changes;
  private int changesOmitted;

  protected AuditRow() {}

  AuditRow(
      String id,
      AuditedAction auditedAction,
      AuditedCaller auditedCaller,
      Outcome outcome,
      long count,
      AuditedChanges auditedChanges) {
    this.id = id;
    this.tenant = auditedCaller.tenant();
    this.at = auditedAction.at();
    this.actorType = auditedCaller.actorType();
    this.actorId = auditedCaller.actorId();
    this.credentialId = auditedCaller.credentialId();
    this.action = auditedAction.action();
    this.resourceType = auditedAction.resourceType();
    this.resourceId = auditedAction.resourceId();
    this.outcome = outcome;
    this.count = count;
    this.ip = auditedCaller.ip();
    this.userAgent = auditedCaller.userAgent();
    this.requestId = auditedCaller.requestId();
    this.lastRequestId = auditedCaller.lastRequestId();
    this.details = auditedAction.details();
    this.changes = auditedChanges.json();
    this.changesOmitted = auditedChanges.omitted();
  }

  /** Writes the fields in the order of {@link #COLUMNS}. */
  void write(BinaryCopy fields) throws IOException {
    fields.addText(id);
    fields.addText(tenant);
    fields.addInstant(at);
    fields.addText(actorType);
    fields.addText(actorId);
    fields.addText(credentialId);
    fields.addText(action);
    fields.addText(resourceType);
    fields.addText(resourceId);
    fields.addText(outcome.name());
    fields.addLong(count);
    fields.addText(ip);
    fields.addText(userAgent);
    fields.addText(requestId);
    fields.addText(lastRequestId);
    fields.addText(details);
    fields.addText(changes);
    fields.addInt(changesOmitted);
  }

  /**
   * An audited action.
   *
   * @param details a JSON object of texts
   */
  record AuditedAction(
      Instant at, String action, String resourceType, String resourceId, String details) {}

  /**
   * Changes of a configuration.
   *
   * @param json a JSON list; null for none
   * @param omitted number of further changes
   */
  record AuditedChanges(@Nullable String json, int omitted) {
    static final AuditedChanges NONE = new AuditedChanges(null, 0);
  }

  /** Caller of an audited action; unknown parts are null. */
  record AuditedCaller(
      String tenant,
      @Nullable String actorType,
      @Nullable String actorId,
      @Nullable String credentialId,
      @Nullable String ip,
      @Nullable String userAgent,
      String requestId,
      @Nullable String lastRequestId) {}
}
