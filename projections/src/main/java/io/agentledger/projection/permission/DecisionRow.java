package io.agentledger.projection.permission;

import io.agentledger.api.permission.DecisionView.Outcome;
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

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent input;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent asked;

  private long sequence;
  private Instant askedAt;

  @Enumerated(EnumType.STRING)
  private @Nullable Outcome outcome;

  private @Nullable String actor;
  private @Nullable Instant decidedAt;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent updatedInput;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent reason;

  @Enumerated(EnumType.STRING)
  private @Nullable RememberScope remembered;

  protected DecisionRow() {}

  DecisionRow(String tenant, PermissionRequested event, long sequence, Instant at) {
    this.id = event.actionId().value();
    this.tenant = tenant;
    this.sessionId = event.sessionId().value();
    this.runId = event.runId().value();
    this.toolCallId = event.toolCallId().value();
    this.tool = event.tool();
    this.inputDigest = event.inputDigest();
    this.input = SealedContent.seal(PermissionRequested.class, "input", event.input());
    this.asked = SealedContent.seal(PermissionRequested.class, "reason", event.reason());
    this.sequence = sequence;
    this.askedAt = at;
  }

  void decided(PermissionDecided event, String by, Instant at) {
    outcome = event.decision() == Decision.ALLOW ? Outcome.ALLOWED : Outcome.DENIED;
    actor = by;
    decidedAt = at;
    updatedInput =
        SealedContent.seal(PermissionDecided.class, "updatedInput", event.updatedInput());
    reason = SealedContent.seal(PermissionDecided.class, "reason", event.reason());
  }

  void expired(Instant at) {
    outcome = Outcome.EXPIRED;
    decidedAt = at;
  }

  void remembered(RememberScope rememberScope) {
    remembered = rememberScope;
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

  /** Why it was asked. */
  public @Nullable SealedContent asked() {
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

  public @Nullable SealedContent updatedInput() {
    return updatedInput;
  }

  public @Nullable SealedContent reason() {
    return reason;
  }

  public @Nullable RememberScope remembered() {
    return remembered;
  }
}
