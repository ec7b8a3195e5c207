package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
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

/** Recorded state of a run that has not ended. Confined to one thread. */
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
  private Optional<ThreadId> thread = Optional.empty();
  private Content lastText = Content.ABSENT;
  private Optional<Instant> unansweredSince = Optional.empty();
  private int attempt;
  private int failures;
  private Optional<RecordedTools> tools = Optional.empty();
  private boolean underWay;
  private boolean initialized;
  private boolean interruptRequested;

  /**
   * A tool call that has been recorded.
   *
   * @param input the input that was decided about; the tool may run with no other
   * @param resolvedPath the real path, if it differs from the one in the input
   * @param allowed whether a rule, a mode or a user allowed it; from then on it may have taken
   *     effect
   * @param outcome empty while the call is in progress
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

    /** Returns whether it is unknown if the call took effect. */
    public boolean isOutcomeUnknown() {
      return allowed && outcome.filter(status -> status != CallStatus.UNKNOWN).isEmpty();
    }

    /** Returns whether it waited for a decision when its process ended; it took no effect. */
    public boolean isUndecided() {
      return outcome
          .map(status -> status == CallStatus.EXPIRED)
          .orElse(verdict == Verdict.ASKED && !allowed);
    }

    /** Returns whether it was denied or never allowed; it took no effect. */
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
   * @param recordedTools the tools of its process
   */
  void onStarted(RunStarted event, Instant at, Optional<RecordedTools> recordedTools) {
    tools = recordedTools;
    thread = Optional.of(event.threadId());
    execution = Optional.of(event.execution());
    attempt = event.attempt();
    startedAt = at;
    underWay = true;
    initialized = false;
  }

  /** Applies the failure of an attempt that is followed by another one. */
  void onFailed(RunFailed event) {
    lastError = event.error();
    failures++;
    suspend();
  }

  private void suspend() {
    underWay = false;
  }

  /** Applies a failure of the model API. An error that blames the request is an answer. */
  void onRetried(TurnRetried event, Instant at) {
    boolean answered = event.httpStatus() > 0 && event.httpStatus() < SERVER_ERROR;
    unansweredSince = answered ? Optional.empty() : unansweredSince.or(() -> Optional.of(at));
  }

  /** Applies a block of the model, which has answered. */
  void onMessage(MessageReceived event) {
    endWait();
    if (event.blockType().equals("text") && thread.filter(event.threadId()::equals).isPresent())
      lastText = event.block();
  }

  /** Ends the wait for the model API, which has answered. */
  void endWait() {
    unansweredSince = Optional.empty();
  }

  /** Pauses the run until there is more budget. */
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

  /** Returns whether a call has no outcome; all calls of earlier attempts have one. */
  public boolean hasOpenCall() {
    return calls.values().stream().anyMatch(call -> call.outcome().isEmpty());
  }

  /** Returns the execution of the last attempt; empty before the first. */
  public Optional<Execution> execution() {
    return execution;
  }

  /** Returns the session's tools that the process of the last attempt has. */
  public Optional<RecordedTools> tools() {
    return tools;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /**
   * Returns since when the model API has not answered the run, over all attempts, as far as is
   * recorded.
   */
  public Optional<Instant> unansweredSince() {
    return unansweredSince;
  }

  /**
   * Returns the error of the last failed attempt, sealed; absent if none has failed since the run
   * was paused.
   */
  public Content lastError() {
    return lastError;
  }

  /** Returns the last block of text that the agent itself wrote, sealed; absent without one. */
  public Content lastText() {
    return lastText;
  }

  /** Returns the number of the last attempt; 0 before the first. */
  public int attempt() {
    return attempt;
  }

  /** Returns the number of the try, from 1: one more than the attempts that have failed. */
  public int tryNumber() {
    return failures + 1;
  }

  /** Returns whether the last attempt is in progress, as far as is recorded. */
  public boolean isUnderWay() {
    return underWay;
  }

  /** Returns whether the CLI has started the last attempt. */
  public boolean isInitialized() {
    return initialized;
  }

  public boolean isInterruptRequested() {
    return interruptRequested;
  }
}
