package io.agentledger.projection.permission;

import io.agentledger.api.permission.DecisionView.DecisionStatus;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One permission request and its decision. */
@Entity
@Table(name = "decision_row")
@SuppressWarnings("NullAway.Init")
public class DecisionRow {
  @Id private String id;
  private String tenant;
  private String sessionId;
  private String runId;
  private String toolCallId;
  private String tool;
  private String inputDigest;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent input;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent requestReason;

  private long sequence;
  private Instant requestedAt;

  @Enumerated(EnumType.STRING)
  private @Nullable DecisionStatus status;

  private @Nullable String actor;
  private @Nullable Instant decidedAt;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent updatedInput;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent reason;

  @Enumerated(EnumType.STRING)
  private @Nullable RememberScope rememberScope;

  protected DecisionRow() {}

  DecisionRow(String tenant, PermissionRequested event, long sequence, Instant at) {
    this.id = event.actionId().value();
    this.tenant = tenant;
    this.sessionId = event.sessionId().value();
    this.runId = event.runId().value();
    this.toolCallId = event.toolCallId().value();
    this.tool = event.tool();
    this.inputDigest = event.inputDigest();
    this.input = SealedContent.of(PermissionRequested.class, "input", event.input());
    this.requestReason = SealedContent.of(PermissionRequested.class, "reason", event.reason());
    this.sequence = sequence;
    this.requestedAt = at;
  }

  void onDecided(PermissionDecided event, String decidedBy, Instant at) {
    status = event.decision() == Decision.ALLOW ? DecisionStatus.ALLOWED : DecisionStatus.DENIED;
    actor = decidedBy;
    decidedAt = at;
    updatedInput = SealedContent.of(PermissionDecided.class, "updatedInput", event.updatedInput());
    reason = SealedContent.of(PermissionDecided.class, "reason", event.reason());
  }

  void onExpired(Instant at) {
    status = DecisionStatus.EXPIRED;
    decidedAt = at;
  }

  /**
   * Marks the outcome as unknown: the process has ended, and the allowed call may or may not have
   * been executed.
   */
  void onOutcomeUnknown() {
    if (status == DecisionStatus.ALLOWED) status = DecisionStatus.UNKNOWN;
  }

  void onRemembered(RememberScope rememberScope) {
    this.rememberScope = rememberScope;
  }

  public String id() {
    return id;
  }

  public String sessionId() {
    return sessionId;
  }

  public String runId() {
    return runId;
  }

  public String toolCallId() {
    return toolCallId;
  }

  public String tool() {
    return tool;
  }

  public String inputDigest() {
    return inputDigest;
  }

  public @Nullable SealedContent input() {
    return input;
  }

  /** Returns the reason of the request. */
  public @Nullable SealedContent requestReason() {
    return requestReason;
  }

  public long sequence() {
    return sequence;
  }

  public Instant requestedAt() {
    return requestedAt;
  }

  /** Returns the status; null while the request is pending. */
  public @Nullable DecisionStatus status() {
    return status;
  }

  /** Returns the user who decided, {@code type:id}; null if none did. */
  public @Nullable String actor() {
    return actor;
  }

  public @Nullable Instant decidedAt() {
    return decidedAt;
  }

  public @Nullable SealedContent updatedInput() {
    return updatedInput;
  }

  public @Nullable SealedContent reason() {
    return reason;
  }

  public @Nullable RememberScope rememberScope() {
    return rememberScope;
  }
}
