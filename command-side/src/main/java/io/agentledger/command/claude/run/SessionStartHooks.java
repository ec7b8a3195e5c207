package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.store.support.UntrustedJson;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hooks for the start of a process's conversation. A process passes this point before hooks can be
 * registered, so the service calls them before its first prompt; the CLI itself reports the start
 * after a compaction. If the node stops before that prompt was sent, the next one calls them again,
 * because the prompt needs their context. Confined to one thread.
 */
final class SessionStartHooks {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final ProcessContext processContext;
  private final HookHandler hooks;
  private final RunCommandSender runCommandSender;
  private boolean called;
  private String context = "";

  SessionStartHooks(
      ProcessContext processContext, HookHandler hooks, RunCommandSender runCommandSender) {
    this.processContext = processContext;
    this.hooks = hooks;
    this.runCommandSender = runCommandSender;
  }

  /** Calls the hooks before the first prompt of the process, then the continuation. */
  void callOnce(RunAttempt attempt, ToolCallEvaluator evaluator, Runnable continuation) {
    if (called || hasAnswered()) {
      continuation.run();
      return;
    }
    called = true;
    hooks.runPointHooks(
        evaluator.subject(),
        callback(attempt, evaluator.mode()),
        result -> {
          context = result.context();
          runCommandSender.recordOwn(attempt.run(), result.executions());
          continuation.run();
        });
  }

  /** Returns whether output of the process is recorded, so that it had a prompt before. */
  private boolean hasAnswered() {
    return processContext.state().endOffset(processContext.id(), SourcePosition.Source.JOURNAL) > 0;
  }

  /**
   * Returns the context for the model, once. A command of the CLI itself takes none, so that it
   * waits for the next prompt.
   */
  String takeContext() {
    String taken = context;
    context = "";
    return taken;
  }

  private HookCallback callback(RunAttempt attempt, String mode) {
    String point = HookPoint.SESSION_START.wireName();
    ObjectNode input = JSON.createObjectNode();
    input.put("hook_event_name", point);
    input.put("cwd", processContext.paths().sandboxPaths().workspace().toString());
    input.put("permission_mode", mode);
    input.put("source", source());
    input.put("model", attempt.options().model());
    return new HookCallback("start", point, Optional.empty(), input);
  }

  /** Returns how the conversation starts, as the CLI was told when its process was started. */
  private String source() {
    boolean resumed =
        processContext
            .paths()
            .sessionPaths()
            .hasTranscript(
                LaunchSpecFactory.conversationId(processContext.state().session()),
                processContext.paths().sandboxPaths().workspace());
    if (resumed) return "resume";
    return switch (processContext.state().opened().origin()) {
      case SessionOrigin.Forked _, SessionOrigin.Cloned _ -> "fork";
      case SessionOrigin.Fresh _,
          SessionOrigin.Templated _,
          SessionOrigin.Task _,
          SessionOrigin.Chat _ ->
          "startup";
    };
  }
}
