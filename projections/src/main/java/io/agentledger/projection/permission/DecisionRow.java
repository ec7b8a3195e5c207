package io.agentledger.projection.permission;

import io.agentledger.api.permission.DecisionView.Outcome;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionEvent.PermissionDecided;
import io.agentledger.api.session.ActionEvent.PermissionRequested;
import io.agentledger.api.session.ActionEvent.Reach;
import io.agentledger.projection.support.Sealed;
import io.agentledger.projection.support.SealedColumn;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One permission that a person was asked for. */
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

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed input;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed asked;

  private long sequence;
  private Instant askedAt;

  @Enumerated(EnumType.STRING)
  private @Nullable Outcome outcome;

  private @Nullable String actor;
  private @Nullable Instant decidedAt;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed updatedInput;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed reason;

  @Enumerated(EnumType.STRING)
  private @Nullable Reach remembered;

  protected DecisionRow() {}

  DecisionRow(String tenant, PermissionRequested event, long sequence, Instant at) {
    this.id = event.actionId().value();
    this.tenant = tenant;
    this.sessionId = event.sessionId().value();
    this.runId = event.runId().value();
    this.toolCallId = event.toolCallId().value();
    this.tool = event.tool();
    this.inputDigest = event.inputDigest();
    this.input = Sealed.of(PermissionRequested.class, "input", event.input());
    this.asked = Sealed.of(PermissionRequested.class, "reason", event.reason());
    this.sequence = sequence;
    this.askedAt = at;
  }

  void decided(PermissionDecided event, String by, Instant at) {
    outcome = event.decision() == Decision.ALLOW ? Outcome.ALLOWED : Outcome.DENIED;
    actor = by;
    decidedAt = at;
    updatedInput = Sealed.of(PermissionDecided.class, "updatedInput", event.updatedInput());
    reason = Sealed.of(PermissionDecided.class, "reason", event.reason());
  }

  void expired(Instant at) {
    outcome = Outcome.EXPIRED;
    decidedAt = at;
  }

  void remembered(Reach reach) {
    remembered = reach;
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

  public @Nullable Sealed input() {
    return input;
  }

  /** Why it was asked. */
  public @Nullable Sealed asked() {
    return asked;
  }

  public long sequence() {
    return sequence;
  }

  public Instant askedAt() {
    return askedAt;
  }

  /** Null while it waits. */
  public @Nullable Outcome outcome() {
    return outcome;
  }

  /** {@code kind:id}; null when nobody decided. */
  public @Nullable String actor() {
    return actor;
  }

  public @Nullable Instant decidedAt() {
    return decidedAt;
  }

  public @Nullable Sealed updatedInput() {
    return updatedInput;
  }

  public @Nullable Sealed reason() {
    return reason;
  }

  public @Nullable Reach remembered() {
    return remembered;
  }
}
