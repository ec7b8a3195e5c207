package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.LifecycleEvent.SessionHookExecuted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** One execution of a hook. */
@Entity
@Table(name = "hook_execution_row")
@SuppressWarnings("NullAway.Init")
public class HookExecutionRow {
  @EmbeddedId private HookExecutionKey key;
  private String tenant;
  private String hookId;
  private String name;

  @Enumerated(EnumType.STRING)
  private HookPoint point;

  private String runId;
  private String threadId;
  private String toolCallId;

  @Enumerated(EnumType.STRING)
  private HookOutcome outcome;

  private int httpStatus;
  private long durationMs;
  private boolean changedInput;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent detail;

  private Instant at;

  protected HookExecutionRow() {}

  HookExecutionRow(HookExecuted event, DomainEventMessage<?> message) {
    this.key = new HookExecutionKey(event.sessionId().value(), message.getSequenceNumber() + 1);
    this.tenant = Provenance.of(message.getMetaData()).tenant().value();
    this.hookId = event.hookId().value();
    this.name = event.name();
    this.point = event.point();
    this.runId = event.runId().value();
    this.threadId = event.threadId().value();
    this.toolCallId = event.toolCallId();
    this.outcome = event.outcome();
    this.httpStatus = event.httpStatus();
    this.durationMs = event.duration().toMillis();
    this.changedInput = event.changedInput();
    this.detail = SealedContent.of(HookExecuted.class, "detail", event.detail());
    this.at = message.getTimestamp();
  }

  HookExecutionRow(SessionHookExecuted event, DomainEventMessage<?> message) {
    this.key = new HookExecutionKey(event.sessionId().value(), message.getSequenceNumber() + 1);
    this.tenant = Provenance.of(message.getMetaData()).tenant().value();
    this.hookId = event.hookId().value();
    this.name = event.name();
    this.point = event.point();
    this.runId = "";
    this.threadId = "";
    this.toolCallId = "";
    this.outcome = event.outcome();
    this.httpStatus = event.httpStatus();
    this.durationMs = event.duration().toMillis();
    this.detail = SealedContent.of(SessionHookExecuted.class, "detail", event.detail());
    this.at = message.getTimestamp();
  }

  public HookExecutionKey key() {
    return key;
  }

  public String hookId() {
    return hookId;
  }

  public String name() {
    return name;
  }

  public HookPoint point() {
    return point;
  }

  /** Returns the run; empty if the hook was called for an event of the session. */
  public String runId() {
    return runId;
  }

  /** Returns the thread; empty without a run. */
  public String threadId() {
    return threadId;
  }

  /** Returns the tool call; empty if there is none. */
  public String toolCallId() {
    return toolCallId;
  }

  public HookOutcome outcome() {
    return outcome;
  }

  public int httpStatus() {
    return httpStatus;
  }

  public long durationMs() {
    return durationMs;
  }

  public boolean changedInput() {
    return changedInput;
  }

  public @Nullable SealedContent detail() {
    return detail;
  }

  public Instant at() {
    return at;
  }
}
