package io.agentledger.command.claude.run;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a process is told of how to go on. One thread's own. */
final class ControlRequestSender {
  private final ProcessContext processContext;
  private final Set<String> stopped = new HashSet<>();
  private final Map<String, String> sent = new HashMap<>();
  private final Map<String, Refused> refused = new HashMap<>();
  private long looks;

  /** Which model the process asks; unknown of one that was taken over. */
  private Optional<String> model = Optional.empty();

  /** Whether the model was told in mid-run that it plans. */
  private boolean plans;

  /**
   * What the CLI could not do yet.
   *
   * @param times how often
   * @param until after how many looks it is told again
   */
  private record Refused(int times, long until) {
    static final Refused NEVER = new Refused(0, 0);
    private static final int DOUBLED_MAX = 6;

    Refused again(long looks) {
      return new Refused(times + 1, looks + (1L << Math.min(times, DOUBLED_MAX)));
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
  void prompt(RunAttempt.Prompt prompt, RunOptions options) throws IOException {
    if (model.filter(options.model()::equals).isEmpty()) {
      processContext
          .process()
          .send(ClaudeInput.model("model-" + UUID.randomUUID(), options.model()));
      model = Optional.of(options.model());
    }
    if (processContext.spec().planning()) { // A plan that was approved before ended its mode.
      processContext.process().send(mode(LaunchSpec.PLAN));
    } else if (plans) {
      processContext.process().send(mode(LaunchSpec.UNPLANNED));
    }
    plans = false;
    processContext
        .process()
        .send(ClaudeInput.prompt(prompt.uuid(), prompt.text(), prompt.attached()));
  }

  /** The mode is ours; the model is told only whether it plans. */
  void switchMode(PermissionMode mode, RunAttempt.AttemptState attemptState) {
    boolean planned = attemptState.options.permissionMode() == PermissionMode.PLAN;
    attemptState.options = attemptState.options.in(mode);
    boolean planning = mode == PermissionMode.PLAN;
    if (planned != planning) {
      plans = planning;
      send(mode(planning ? LaunchSpec.PLAN : LaunchSpec.UNPLANNED));
    }
  }

  private static ClaudeInput mode(String name) {
    return ClaudeInput.mode("mode-" + UUID.randomUUID(), name);
  }

  /** The CLI says when they have stopped; one that it does not know it passes over. */
  void stopTasks() {
    for (String task : processContext.record().pendingRequests().tasksToStop()) {
      if (stopped.add(task)) {
        send(ClaudeInput.stopTask("stop-" + UUID.randomUUID(), task));
      }
    }
  }

  /** A call that the CLI has not begun yet cannot go there: it is told again, ever more rarely. */
  void sendToBackground() {
    for (String call : processContext.record().pendingRequests().callsToBackground()) {
      boolean due = refused.getOrDefault(call, Refused.NEVER).until() <= looks;
      if (due && !sent.containsValue(call)) {
        String request = "background-" + UUID.randomUUID();
        sent.put(request, call);
        send(ClaudeInput.toBackground(request, call));
      }
    }
  }

  void replied(ControlResponse reply) {
    if (!reply.response().path("backgrounded").asBoolean(true)) {
      Optional.ofNullable(sent.remove(reply.requestId()))
          .ifPresent(
              call ->
                  refused.compute(
                      call,
                      (same, before) -> (before == null ? Refused.NEVER : before).again(looks)));
    }
  }

  /** A little time has passed. */
  void tick() {
    looks++;
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
