package io.agentledger.projection.session.transcript;

import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One tool call and its result. */
@Entity
@Table(name = "tool_call_row")
@SuppressWarnings("NullAway.Init")
public class ToolCallRow {
  @EmbeddedId private ToolCallKey key;
  private String tenant;
  private String runId;
  private String threadId;
  private String name;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent input;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent resolvedPath;

  private String inputDigest;

  @Enumerated(EnumType.STRING)
  private Verdict verdict;

  private String rule;

  @Enumerated(EnumType.STRING)
  private @Nullable CallStatus status;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent output;

  private long sequence;
  private Instant calledAt;
  private @Nullable Instant returnedAt;
  private @Nullable Long returnedSequence;

  protected ToolCallRow() {}

  ToolCallRow(String tenant, ToolCalled event, long sequence, Instant at) {
    this.key = new ToolCallKey(event.sessionId().value(), event.toolCallId().value());
    this.tenant = tenant;
    this.runId = event.runId().value();
    this.threadId = event.threadId().value();
    this.name = event.name();
    this.input = SealedContent.of(ToolCalled.class, "input", event.input());
    this.resolvedPath = SealedContent.of(ToolCalled.class, "resolvedPath", event.resolvedPath());
    this.inputDigest = event.inputDigest();
    this.verdict = event.verdict();
    this.rule = event.rule();
    this.sequence = sequence;
    this.calledAt = at;
  }

  void apply(ToolReturned event, long sequence, Instant at) {
    status = event.status();
    output = SealedContent.of(ToolReturned.class, "output", event.output());
    returnedAt = at;
    returnedSequence = sequence;
  }

  public ToolCallKey key() {
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

  public @Nullable SealedContent input() {
    return input;
  }

  /** Returns the resolved path; null if it equals the path of the input. */
  public @Nullable SealedContent resolvedPath() {
    return resolvedPath;
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

  /** Returns the status; null while the call is in progress. */
  public @Nullable CallStatus status() {
    return status;
  }

  public @Nullable SealedContent output() {
    return output;
  }

  /** Returns the sequence of the event of the call, not of its return. */
  public long sequence() {
    return sequence;
  }

  public Instant calledAt() {
    return calledAt;
  }

  public @Nullable Instant returnedAt() {
    return returnedAt;
  }

  /** Returns whether the call had returned when the event of this sequence had happened. */
  public boolean isReturnedAt(long sequence) {
    return returnedSequence != null && returnedSequence <= sequence;
  }
}
