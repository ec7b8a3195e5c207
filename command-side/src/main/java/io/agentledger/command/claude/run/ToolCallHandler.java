package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.OutputMapper;
import java.util.Optional;

/** Decides about the tool calls that the agent requests: by rules, then by hooks, then by users. */
final class ToolCallHandler {
  private final OutputMapper outputMapper;
  private final DecisionHandlers decisionHandlers;
  private final OutputBuffer outputBuffer;

  /** Handlers that take part in the decision about a tool call. */
  record DecisionHandlers(
      ToolCallEvaluator evaluator, HookHandler hooks, PermissionRequestHandler permissions) {}

  ToolCallHandler(
      OutputMapper outputMapper, DecisionHandlers decisionHandlers, OutputBuffer outputBuffer) {
    this.outputMapper = outputMapper;
    this.decisionHandlers = decisionHandlers;
    this.outputBuffer = outputBuffer;
  }

  /**
   * Decides about a call. A call that is known is not handled again, except if its node stopped
   * while its hooks were running.
   */
  void requestPermission(PermissionRequest call, OutputCollector outputCollector) {
    if (!outputBuffer.isRunning() || decisionHandlers.permissions().isKnown(call)) {
      return;
    }
    if (decisionHandlers.permissions().hasProcessEnded()) {
      var denied = ToolCallAuthorizer.PermissionDecision.denied("its process has ended");
      decisionHandlers.permissions().addDecision(call, outputCollector, denied);
      return;
    }
    ToolCallEvaluator toolCallEvaluator = decisionHandlers.evaluator();
    ToolCallAuthorizer.PermissionDecision first = toolCallEvaluator.decide(call, Optional.empty());
    if (!first.hasVerdict(Verdict.DENIED)
        && decisionHandlers
            .hooks()
            .runHooks(
                toolCallEvaluator.subject(),
                call,
                toolCallEvaluator.mode(),
                result -> onHookResult(call, result))) {
      decisionHandlers.permissions().addAwaitingHooks(call);
    } else {
      decisionHandlers.permissions().addDecision(call, outputCollector, first);
      outputBuffer.answerAfterFlush(call);
    }
  }

  /** Records the result of the hooks with the decision, then applies it. */
  private void onHookResult(PermissionRequest call, Hooks.HookResult result) {
    if (!outputBuffer.isRunning() || !decisionHandlers.permissions().removeAwaitingHooks(call)) {
      return; // The run has ended, or the CLI withdrew the call.
    }
    PermissionRequest updated = result.input().map(call::withInput).orElse(call);
    OutputCollector outputCollector = outputBuffer.collectorForRunner();
    result
        .executions()
        .forEach(execution -> outputCollector.add(outputMapper.threadOf(call), execution));
    decisionHandlers
        .permissions()
        .addDecision(
            updated,
            outputCollector,
            decisionHandlers.evaluator().decide(updated, result.decision()));
    outputBuffer.answerAfterFlush(updated);
    outputBuffer.flushUnchecked();
  }
}
