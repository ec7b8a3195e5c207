package io.agentledger.command.claude.run;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sends control requests to a process. Confined to one thread. */
final class ControlRequestSender {
  private final ProcessContext processContext;
  private final Map<String, Instant> stoppedTasks = new HashMap<>();
  private final Map<String, String> backgroundRequests = new HashMap<>();
  private final Map<String, RetryBackoff> backoffs = new HashMap<>();
  private long ticks;

  /** Model that the process uses; empty if unknown, after a takeover. */
  private Optional<String> model = Optional.empty();

  /** Set if the CLI may have been switched to plan mode, which is unknown after a takeover. */
  private boolean planModeSent = true;

  /**
   * Backoff for a request that the CLI could not execute yet.
   *
   * @param refusals number of refusals
   * @param nextTick tick at which the request is sent again
   */
  private record RetryBackoff(int refusals, long nextTick) {
    static final RetryBackoff NEVER = new RetryBackoff(0, 0);
    private static final int DOUBLED_MAX = 6;

    RetryBackoff next(long ticks) {
      return new RetryBackoff(refusals + 1, ticks + (1L << Math.min(refusals, DOUBLED_MAX)));
    }
  }

  ControlRequestSender(ProcessContext processContext) {
    this.processContext = processContext;
  }

  /** Assumes the settings that the process was started with. */
  void assumeFreshProcess() {
    model = Optional.of(processContext.spec().model().orElse(""));
    planModeSent = false;
  }

  /**
   * Sends a prompt. Repeating it to the same process is safe: the CLI drops a uuid that it knows.
   */
  void sendPrompt(ClaudeInput prompt, RunOptions options) throws IOException {
    if (model.filter(options.model()::equals).isEmpty()) {
      processContext
          .process()
          .send(ClaudeInput.setModel("model-" + UUID.randomUUID(), options.model()));
      model = Optional.of(options.model());
    }
    boolean planning = options.permissionMode() == PermissionMode.PLAN;
    boolean launchedPlanning = processContext.spec().planning(); // An approved plan has ended it.
    if (planning || launchedPlanning || planModeSent)
      processContext
          .process()
          .send(modeInput(planning ? LaunchSpec.PLAN_MODE : LaunchSpec.DEFAULT_MODE));
    planModeSent = planning && !launchedPlanning;
    processContext.process().send(prompt);
  }

  /**
   * Switches the permission mode. The service enforces it; the CLI is told only whether it plans,
   * which it does no longer after it presented an approved plan.
   */
  void switchMode(PermissionMode mode, RunAttempt.AttemptState attemptState) {
    boolean planned =
        attemptState.options.permissionMode() == PermissionMode.PLAN && !attemptState.planApproved;
    attemptState.planApproved = false;
    attemptState.options = attemptState.options.withPermissionMode(mode);
    boolean planning = mode == PermissionMode.PLAN;
    if (planned != planning) {
      planModeSent = planning;
      send(modeInput(planning ? LaunchSpec.PLAN_MODE : LaunchSpec.DEFAULT_MODE));
    }
  }

  private static ClaudeInput modeInput(String name) {
    return ClaudeInput.setMode("mode-" + UUID.randomUUID(), name);
  }

  /** Requests the CLI to stop tasks; it reports when they have stopped. */
  void stopTasks(Instant now) {
    for (String task : processContext.state().pendingRequests().tasksToStop()) {
      if (stoppedTasks.putIfAbsent(task, now) == null) {
        send(ClaudeInput.stopTask("stop-" + UUID.randomUUID(), task));
      }
    }
  }

  /** Returns whether a task that the CLI was told to stop before that time still runs. */
  boolean hasTaskToldToStopBefore(Instant time) {
    return processContext.state().pendingRequests().tasksToStop().stream()
        .anyMatch(task -> stoppedTasks.getOrDefault(task, Instant.MAX).isBefore(time));
  }

  /**
   * Requests the CLI to move calls to the background. It cannot move a call that it has not
   * started, so the request is repeated with backoff.
   */
  void sendToBackground() {
    for (String call : processContext.state().pendingRequests().callsToBackground()) {
      boolean due = backoffs.getOrDefault(call, RetryBackoff.NEVER).nextTick() <= ticks;
      if (due && !backgroundRequests.containsValue(call)) {
        String request = "background-" + UUID.randomUUID();
        backgroundRequests.put(request, call);
        send(ClaudeInput.moveToBackground(request, call));
      }
    }
  }

  void onControlResponse(ControlResponse reply) {
    if (!reply.response().path("backgrounded").asBoolean(true)) {
      Optional.ofNullable(backgroundRequests.remove(reply.requestId()))
          .ifPresent(
              call ->
                  backoffs.compute(
                      call,
                      (same, before) ->
                          (before == null ? RetryBackoff.NEVER : before).next(ticks)));
    }
  }

  /** Retries requests that are due; called regularly. */
  void tick() {
    ticks++;
    sendToBackground();
  }

  void interrupt() {
    send(ClaudeInput.interrupt("stop-" + UUID.randomUUID()));
  }

  private void send(ClaudeInput input) {
    try {
      processContext.process().send(input);
    } catch (IOException gone) {
      // The end of the process will be noticed elsewhere.
    }
  }
}
