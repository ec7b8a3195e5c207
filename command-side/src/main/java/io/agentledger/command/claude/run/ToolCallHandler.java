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

/** Hears which tools the agent wants to use: rules first, then hooks, then people. */
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

  /** One that is known is not heard again: its hooks were being asked when its node died. */
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

  /** What the hooks say about a call is recorded with the decision, and then acted on. */
  private void onHookResult(PermissionRequest call, Hooks.HookResult result) {
    if (!outputBuffer.isRunning() || !decisionHandlers.permissions().removeAwaitingHooks(call)) {
      return; // The run is over, or the CLI took the call back.
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
