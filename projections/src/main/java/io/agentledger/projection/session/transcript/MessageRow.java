package io.agentledger.projection.session.transcript;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.shared.Ids;
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

/** One content block of the transcript, or a prompt. */
@Entity
@Table(name = "message_row")
@SuppressWarnings("NullAway.Init")
public class MessageRow {
  @EmbeddedId private SessionEventKey key;
  private String tenant;
  private String messageId;
  private int blockIndex;
  private @Nullable String queryId;
  private @Nullable String runId;
  private @Nullable String threadId;

  @Enumerated(EnumType.STRING)
  private Role role;

  @Enumerated(EnumType.STRING)
  private @Nullable MessageOrigin origin;

  private String blockType;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent block;

  private @Nullable Long retraction;
  private Instant at;

  protected MessageRow() {}

  MessageRow(String tenant, MessageReceived event, long sequence, Instant at) {
    this.key = new SessionEventKey(event.sessionId().value(), sequence);
    this.tenant = tenant;
    this.messageId = event.messageId().value();
    this.blockIndex = event.blockIndex();
    this.runId = event.runId().value();
    this.threadId = event.threadId().value();
    this.role = event.role();
    this.origin = event.origin();
    this.blockType = event.blockType();
    this.block = SealedContent.of(MessageReceived.class, "block", event.block());
    this.at = at;
  }

  static MessageRow create(String tenant, QueryIssued event, long sequence, Instant at) {
    var row =
        prompt(
            new SessionEventKey(event.sessionId().value(), sequence), tenant, event.queryId(), at);
    row.block = SealedContent.of(QueryIssued.class, "prompt", event.prompt());
    row.runId = event.runId().value();
    return row;
  }

  static MessageRow create(String tenant, QueryQueued event, long sequence, Instant at) {
    var row =
        prompt(
            new SessionEventKey(event.sessionId().value(), sequence), tenant, event.queryId(), at);
    row.block = SealedContent.of(QueryQueued.class, "prompt", event.prompt());
    return row;
  }

  private static MessageRow prompt(SessionEventKey key, String tenant, QueryId query, Instant at) {
    var row = new MessageRow();
    row.key = key;
    row.tenant = tenant;
    row.messageId = Ids.derived(MessageId.PREFIX, query.value());
    row.queryId = query.value();
    row.role = Role.USER;
    row.blockType = "text";
    row.at = at;
    return row;
  }

  /** Sets the run of a prompt that was queued. */
  void setRunId(RunId run) {
    runId = run.value();
  }

  /**
   * Marks the message as void, because its model refused to continue.
   *
   * @param sequence number of the event that says so
   */
  void retract(long sequence) {
    retraction = sequence;
  }

  public boolean isRetracted() {
    return retraction != null;
  }

  /** Returns whether the message was void after an event of its session. */
  public boolean isRetractedAt(long sequence) {
    return retraction != null && retraction <= sequence;
  }

  String tenant() {
    return tenant;
  }

  public SessionEventKey key() {
    return key;
  }

  public String messageId() {
    return messageId;
  }

  public int blockIndex() {
    return blockIndex;
  }

  /** Returns the query; only of prompts. */
  public @Nullable String queryId() {
    return queryId;
  }

  public @Nullable String runId() {
    return runId;
  }

  /** Returns the thread; null for prompts, which belong to the agent's own thread. */
  public @Nullable String threadId() {
    return threadId;
  }

  public Role role() {
    return role;
  }

  /** Returns the origin; null for prompts. */
  public @Nullable MessageOrigin origin() {
    return origin;
  }

  public String blockType() {
    return blockType;
  }

  /** Returns the block as JSON; for a prompt, its plain text. */
  public @Nullable SealedContent block() {
    return block;
  }

  public Instant at() {
    return at;
  }
}
