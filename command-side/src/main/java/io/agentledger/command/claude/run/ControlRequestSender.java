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

  /** Which model the process asks; unknown of one that was taken over. */
  private Optional<String> model = Optional.empty();

  /** Whether the model was told in mid-run that it plans. */
  private boolean planModeSent;

  /**
   * Backoff for a request that the CLI could not carry out yet.
   *
   * @param refusals how often
   * @param nextTick after how many looks it is told again
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

  /** The process has just been started, as it is specified. */
  void assumeFreshProcess() {
    model = Optional.of(processContext.spec().model().orElse(""));
  }

  /** To the same process the same prompt may be written again: the CLI drops a uuid it knows. */
  void sendPrompt(ClaudeInput prompt, RunOptions options) throws IOException {
    if (model.filter(options.model()::equals).isEmpty()) {
      processContext
          .process()
          .send(ClaudeInput.setModel("model-" + UUID.randomUUID(), options.model()));
      model = Optional.of(options.model());
    }
    if (processContext.spec().planning()) { // A plan that was approved before ended its mode.
      processContext.process().send(modeInput(LaunchSpec.PLAN_MODE));
    } else if (planModeSent) {
      processContext.process().send(modeInput(LaunchSpec.DEFAULT_MODE));
    }
    planModeSent = false;
    processContext.process().send(prompt);
  }

  /** The mode is ours; the model is told only whether it plans. */
  void switchMode(PermissionMode mode, RunAttempt.AttemptState attemptState) {
    boolean planned = attemptState.options.permissionMode() == PermissionMode.PLAN;
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

  /** The CLI says when they have stopped. */
  void stopTasks(Instant now) {
    for (String task : processContext.state().pendingRequests().tasksToStop()) {
      if (stoppedTasks.putIfAbsent(task, now) == null) {
        send(ClaudeInput.stopTask("stop-" + UUID.randomUUID(), task));
      }
    }
  }

  /** Whether the CLI was told to stop a task before that time and has not. */
  boolean hasTaskToldToStopBefore(Instant time) {
    return processContext.state().pendingRequests().tasksToStop().stream()
        .anyMatch(task -> stoppedTasks.getOrDefault(task, Instant.MAX).isBefore(time));
  }

  /** A call that the CLI has not begun yet cannot go there: it is told again, ever more rarely. */
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

  /** A little time has passed. */
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
      // Then its end will be noticed.
    }
  }
}
