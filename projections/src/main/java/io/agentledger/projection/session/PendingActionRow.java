package io.agentledger.projection.session;

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

/** Something that a run waits for from somebody; gone when it is settled. */
@Entity
@Table(name = "action_row")
@SuppressWarnings("NullAway.Init")
public class PendingActionRow {
  /** What is waited for. */
  public enum Kind {
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
  private Kind kind;

  private String tool;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent input;

  private @Nullable String inputDigest;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent reason;

  private long sequence;
  private Instant since;
  private @Nullable Instant until;

  protected PendingActionRow() {}

  /** The fact that all kinds share. */
  record Asked(String tenant, long sequence, Instant at) {}

  private PendingActionRow(Asked asked, Kind kind, AnswerTimeout answerTimeout) {
    this.tenant = asked.tenant();
    this.kind = kind;
    this.sequence = asked.sequence();
    this.since = asked.at();
    this.until =
        switch (answerTimeout) {
          case AnswerTimeout.Unlimited ignored -> null;
          case AnswerTimeout.Limited limited -> asked.at().plus(limited.duration());
        };
  }

  static PendingActionRow create(PermissionRequested event, Asked asked) {
    var row = new PendingActionRow(asked, Kind.PERMISSION, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.tool();
    row.inputDigest = event.inputDigest();
    row.input = SealedContent.seal(PermissionRequested.class, "input", event.input());
    row.reason = SealedContent.seal(PermissionRequested.class, "reason", event.reason());
    return row;
  }

  static PendingActionRow create(QuestionAsked event, Asked asked) {
    var row = new PendingActionRow(asked, Kind.QUESTION, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = "AskUserQuestion";
    row.input = SealedContent.seal(QuestionAsked.class, "questions", event.questions());
    return row;
  }

  static PendingActionRow create(ClientToolCalled event, Asked asked) {
    var row = new PendingActionRow(asked, Kind.CLIENT_TOOL, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.tool();
    row.input = SealedContent.seal(ClientToolCalled.class, "input", event.input());
    return row;
  }

  static PendingActionRow create(ElicitationRequested event, Asked asked) {
    var row = new PendingActionRow(asked, Kind.ELICITATION, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.server();
    row.input = SealedContent.seal(ElicitationRequested.class, "ask", event.ask());
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

  public Kind kind() {
    return kind;
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

  public Instant since() {
    return since;
  }

  /** When silence denies; null when it never does. */
  public @Nullable Instant until() {
    return until;
  }
}
