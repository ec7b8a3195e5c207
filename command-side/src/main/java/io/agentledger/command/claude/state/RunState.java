package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.command.support.RecordedTools;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A run that has not ended, as the record shows it. One thread's own. */
public final class RunState {
  private static final int SERVER_ERROR = 500;

  private final RunId id;
  private final Cause cause;
  private RunOptions options;
  private final Provenance provenance;
  private final Map<ToolCallId, ToolCall> calls = new LinkedHashMap<>();
  private Optional<Execution> execution = Optional.empty();
  private Instant startedAt = Instant.EPOCH;
  private Content lastError = Content.ABSENT;
  private Optional<Instant> unansweredSince = Optional.empty();
  private int attempt;
  private Optional<RecordedTools> tools = Optional.empty();
  private boolean underWay;
  private boolean initialized;
  private boolean interruptRequested;

  /**
   * A tool call that has been recorded.
   *
   * @param input what was decided about, and nothing else may run
   * @param resolvedPath what the path in it is, if not what it says
   * @param allowed by a rule, a mode or a person: from then on it may have acted
   * @param outcome empty while it is under way
   */
  public record ToolCall(
      String name,
      Verdict verdict,
      String rule,
      String inputDigest,
      Content input,
      Content resolvedPath,
      boolean allowed,
      Optional<CallStatus> outcome) {
    ToolCall asAllowed() {
      return new ToolCall(name, verdict, rule, inputDigest, input, resolvedPath, true, outcome);
    }

    ToolCall asEnded(CallStatus status) {
      return new ToolCall(
          name, verdict, rule, inputDigest, input, resolvedPath, allowed, Optional.of(status));
    }

    /** Whether it is unknown if the call has taken effect. */
    public boolean isOutcomeUnknown() {
      return allowed && outcome.filter(status -> status != CallStatus.UNKNOWN).isEmpty();
    }

    /** Whether it waited for a decision when its process ended: it has not acted. */
    public boolean isUndecided() {
      return outcome
          .map(status -> status == CallStatus.EXPIRED)
          .orElse(verdict == Verdict.ASKED && !allowed);
    }

    /** Whether it was denied or nobody allowed it: it has not acted. */
    public boolean isDenied() {
      return verdict == Verdict.DENIED || verdict == Verdict.ASKED && !allowed;
    }
  }

  RunState(RunId id, Cause cause, RunOptions options, Provenance provenance) {
    this.id = id;
    this.cause = cause;
    this.options = options;
    this.provenance = provenance;
  }

  /**
   * @param recordedTools the tools that its process has
   */
  void onStarted(RunStarted event, Instant at, Optional<RecordedTools> recordedTools) {
    tools = recordedTools;
    execution = Optional.of(event.execution());
    attempt = event.attempt();
    startedAt = at;
    underWay = true;
    initialized = false;
  }

  /** The attempt failed and another one follows. */
  void onFailed(RunFailed event) {
    lastError = event.error();
    suspend();
  }

  private void suspend() {
    underWay = false;
  }

  /** The model API failed; it answered if it said that the request was at fault. */
  void onRetried(TurnRetried event, Instant at) {
    boolean answered = event.httpStatus() > 0 && event.httpStatus() < SERVER_ERROR;
    unansweredSince = answered ? Optional.empty() : unansweredSince.or(() -> Optional.of(at));
  }

  /** The model answered. */
  void endWait() {
    unansweredSince = Optional.empty();
  }

  /** It asks for nothing until there is more budget. */
  void pause() {
    lastError = Content.ABSENT;
    suspend();
    endWait();
  }

  void markInitialized() {
    initialized = true;
  }

  void changeMode(PermissionMode mode) {
    options = options.withPermissionMode(mode);
  }

  void markInterruptRequested() {
    interruptRequested = true;
  }

  public RunId id() {
    return id;
  }

  public Cause cause() {
    return cause;
  }

  public RunOptions options() {
    return options;
  }

  public Provenance provenance() {
    return provenance;
  }

  public Map<ToolCallId, ToolCall> calls() {
    return calls;
  }

  /** Whether a call has no outcome; those of earlier attempts have one. */
  public boolean hasOpenCall() {
    return calls.values().stream().anyMatch(call -> call.outcome().isEmpty());
  }

  /** What carries out the last attempt; empty before the first. */
  public Optional<Execution> execution() {
    return execution;
  }

  /** What the process of the last attempt has beside the agent's own tools. */
  public Optional<RecordedTools> tools() {
    return tools;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** Since when the model API has given it no answer, over all attempts, as far as is recorded. */
  public Optional<Instant> unansweredSince() {
    return unansweredSince;
  }

  /** Error of the last attempt that failed, sealed; absent: none did since the run was paused. */
  public Content lastError() {
    return lastError;
  }

  /** The last attempt; 0 before the first. */
  public int attempt() {
    return attempt;
  }

  /** Whether the last attempt has not failed, as far as the record knows. */
  public boolean isUnderWay() {
    return underWay;
  }

  /** Whether the CLI has begun the last attempt. */
  public boolean isInitialized() {
    return initialized;
  }

  public boolean isInterruptRequested() {
    return interruptRequested;
  }
}
