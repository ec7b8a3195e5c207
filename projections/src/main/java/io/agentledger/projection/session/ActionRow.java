package io.agentledger.projection.session;

import io.agentledger.api.session.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.ActionEvent.Patience;
import io.agentledger.api.session.ActionEvent.PermissionRequested;
import io.agentledger.api.session.ActionEvent.QuestionAsked;
import io.agentledger.api.session.ElicitationEvent.ElicitationRequested;
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

/** Something that a run waits for from somebody; gone when it is settled. */
@Entity
@Table(name = "action_row")
@SuppressWarnings("NullAway.Init")
public class ActionRow {
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

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed input;

  private @Nullable String inputDigest;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed reason;

  private long sequence;
  private Instant since;
  private @Nullable Instant until;

  protected ActionRow() {}

  /** The fact that all kinds share. */
  record Asked(String tenant, long sequence, Instant at) {}

  private ActionRow(Asked asked, Kind kind, Patience patience) {
    this.tenant = asked.tenant();
    this.kind = kind;
    this.sequence = asked.sequence();
    this.since = asked.at();
    this.until =
        switch (patience) {
          case Patience.Unlimited ignored -> null;
          case Patience.Limited limited -> asked.at().plus(limited.duration());
        };
  }

  static ActionRow of(PermissionRequested event, Asked asked) {
    var row = new ActionRow(asked, Kind.PERMISSION, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.tool();
    row.inputDigest = event.inputDigest();
    row.input = Sealed.of(PermissionRequested.class, "input", event.input());
    row.reason = Sealed.of(PermissionRequested.class, "reason", event.reason());
    return row;
  }

  static ActionRow of(QuestionAsked event, Asked asked) {
    var row = new ActionRow(asked, Kind.QUESTION, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = "AskUserQuestion";
    row.input = Sealed.of(QuestionAsked.class, "questions", event.questions());
    return row;
  }

  static ActionRow of(ClientToolCalled event, Asked asked) {
    var row = new ActionRow(asked, Kind.CLIENT_TOOL, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.tool();
    row.input = Sealed.of(ClientToolCalled.class, "input", event.input());
    return row;
  }

  static ActionRow of(ElicitationRequested event, Asked asked) {
    var row = new ActionRow(asked, Kind.ELICITATION, event.patience());
    row.id = event.actionId().value();
    row.sessionId = event.sessionId().value();
    row.runId = event.runId().value();
    row.threadId = event.threadId().value();
    row.toolCallId = event.toolCallId().value();
    row.tool = event.server();
    row.input = Sealed.of(ElicitationRequested.class, "ask", event.ask());
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

  public @Nullable Sealed input() {
    return input;
  }

  public @Nullable String inputDigest() {
    return inputDigest;
  }

  public @Nullable Sealed reason() {
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
