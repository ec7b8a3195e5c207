package io.agentledger.projection.session;

import io.agentledger.api.session.OutputEvent.Outcome;
import io.agentledger.api.session.OutputEvent.ToolCalled;
import io.agentledger.api.session.OutputEvent.ToolReturned;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.projection.support.Sealed;
import io.agentledger.projection.support.SealedColumn;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One tool call and what became of it. */
@Entity
@Table(name = "tool_call_row")
@SuppressWarnings("NullAway.Init")
public class ToolCallRow {
  @EmbeddedId private CallKey key;
  private String tenant;
  private String runId;
  private String threadId;
  private String name;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed input;

  private String inputDigest;

  @Enumerated(EnumType.STRING)
  private Verdict verdict;

  private String rule;

  @Enumerated(EnumType.STRING)
  private @Nullable Outcome outcome;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed output;

  private long sequence;
  private Instant calledAt;
  private @Nullable Instant returnedAt;

  protected ToolCallRow() {}

  ToolCallRow(String tenant, ToolCalled event, long sequence, Instant at) {
    this.key = new CallKey(event.sessionId().value(), event.toolCallId().value());
    this.tenant = tenant;
    this.runId = event.runId().value();
    this.threadId = event.threadId().value();
    this.name = event.name();
    this.input = Sealed.of(ToolCalled.class, "input", event.input());
    this.inputDigest = event.inputDigest();
    this.verdict = event.verdict();
    this.rule = event.rule();
    this.sequence = sequence;
    this.calledAt = at;
  }

  void take(ToolReturned event, Instant at) {
    outcome = event.outcome();
    output = Sealed.of(ToolReturned.class, "output", event.output());
    returnedAt = at;
  }

  public CallKey key() {
    return key;
  }

  public String runId() {
    return runId;
  }

  public String threadId() {
    return threadId;
  }

  public String name() {
    return name;
  }

  public @Nullable Sealed input() {
    return input;
  }

  public String inputDigest() {
    return inputDigest;
  }

  public Verdict verdict() {
    return verdict;
  }

  public String rule() {
    return rule;
  }

  /** Null while it is under way. */
  public @Nullable Outcome outcome() {
    return outcome;
  }

  public @Nullable Sealed output() {
    return output;
  }

  /** Of the call, not of its return. */
  public long sequence() {
    return sequence;
  }

  public Instant calledAt() {
    return calledAt;
  }

  public @Nullable Instant returnedAt() {
    return returnedAt;
  }
}
