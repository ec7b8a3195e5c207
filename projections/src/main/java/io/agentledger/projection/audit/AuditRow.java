package io.agentledger.projection.audit;

import io.agentledger.api.audit.Outcome;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One entry; {@link AuditReader} reads it. */
@Entity
@Table(name = "audit_row")
@SuppressWarnings("NullAway.Init")
class AuditRow {
  @Id private String id;
  private String tenant;
  private Instant at;
  private @Nullable String actorKind;
  private @Nullable String actorId;
  private @Nullable String credential;
  private String action;
  private String resourceKind;
  private String resourceId;

  @Enumerated(EnumType.STRING)
  private Outcome outcome;

  private long count;
  private @Nullable String ip;
  private @Nullable String userAgent;
  private String requestId;
  private String details;

  protected AuditRow() {}

  AuditRow(String id, What what, Who who, Outcome outcome, long count) {
    this.id = id;
    this.tenant = who.tenant();
    this.at = what.at();
    this.actorKind = who.actorKind();
    this.actorId = who.actorId();
    this.credential = who.credential();
    this.action = what.action();
    this.resourceKind = what.resourceKind();
    this.resourceId = what.resourceId();
    this.outcome = outcome;
    this.count = count;
    this.ip = who.ip();
    this.userAgent = who.userAgent();
    this.requestId = who.requestId();
    this.details = what.details();
  }

  /**
   * @param details a JSON object of texts
   */
  record What(Instant at, String action, String resourceKind, String resourceId, String details) {}

  /** Null is what is not known. */
  record Who(
      String tenant,
      @Nullable String actorKind,
      @Nullable String actorId,
      @Nullable String credential,
      @Nullable String ip,
      @Nullable String userAgent,
      String requestId) {}
}
