package io.agentledger.projection.session.transcript;

import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
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

/** An action that a run waits for; deleted when it is resolved. */
@Entity
@Table(name = "action_row")
@SuppressWarnings("NullAway.Init")
public class PendingActionRow {
  /** Kind of a pending action. */
  public enum ActionType {
    PERMISSION,
    QUESTION,
    CLIENT_TOOL,
    ELICITATION
  }

  @Id private String id;
  private String tenant;
  private String sessionId;
  private String runId;
  private String threadId;
  private String toolCallId;

  @Enumerated(EnumType.STRING)
  private ActionType type;

  private String tool;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent input;

  private @Nullable String inputDigest;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent reason;

  private long sequence;
  private Instant requestedAt;
  private @Nullable Instant expiresAt;

  protected PendingActionRow() {}

  /** Event data that all types of actions share. */
  public record ActionContext(String tenant, long sequence, Instant at) {}

  private PendingActionRow(
      ActionContext actionContext, ActionType type, AnswerTimeout answerTimeout) {
    this.tenant = actionContext.tenant();
    this.type = type;
    this.sequence = actionContext.sequence();
    this.requestedAt = actionContext.at();
    this.expiresAt =
        switch (answerTimeout) {
          case AnswerTimeout.Unlimited ignored -> null;
          case AnswerTimeout.Limited limited -> actionContext.at().plus(limited.duration());
        };
  }

  static PendingActionRow create(PermissionRequested event, ActionContext actionContext) {
    var row = new PendingActionRow(actionContext, ActionType.PERMISSION, event.answerTimeout());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.tool();
    row.inputDigest = event.inputDigest();
    row.input = SealedContent.of(PermissionRequested.class, "input", event.input());
    row.reason = SealedContent.of(PermissionRequested.class, "reason", event.reason());
    return row;
  }

  static PendingActionRow create(QuestionAsked event, ActionContext actionContext) {
    var row = new PendingActionRow(actionContext, ActionType.QUESTION, event.answerTimeout());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = "AskUserQuestion";
    row.input = SealedContent.of(QuestionAsked.class, "questions", event.questions());
    return row;
  }

  static PendingActionRow create(ClientToolCalled event, ActionContext actionContext) {
    var row = new PendingActionRow(actionContext, ActionType.CLIENT_TOOL, event.answerTimeout());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.tool();
    row.input = SealedContent.of(ClientToolCalled.class, "input", event.input());
    return row;
  }

  static PendingActionRow create(ElicitationRequested event, ActionContext actionContext) {
    var row = new PendingActionRow(actionContext, ActionType.ELICITATION, event.answerTimeout());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.server();
    row.input = SealedContent.of(ElicitationRequested.class, "request", event.request());
    return row;
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

  public String threadId() {
    return threadId;
  }

  public String toolCallId() {
    return toolCallId;
  }

  public ActionType type() {
    return type;
  }

  public String tool() {
    return tool;
  }

  public @Nullable SealedContent input() {
    return input;
  }

  public @Nullable String inputDigest() {
    return inputDigest;
  }

  public @Nullable SealedContent reason() {
    return reason;
  }

  public Instant requestedAt() {
    return requestedAt;
  }

  /** Returns when the action is denied without an answer; null for never. */
  public @Nullable Instant expiresAt() {
    return expiresAt;
  }
}
