package io.agentledger.command.claude.run;

import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import java.util.Optional;

/** Hears which tools the agent wants to use: rules first, then hooks, then people. */
final class ToolCallHandler {
  private final ModelEndpoint.Connection connection;
  private final OutputMapper outputMapper;
  private final Deciders deciders;
  private final OutputBuffer outputBuffer;

  /** Who has a say. */
  record Deciders(ToolCallEvaluator judge, HookHandler hooks, PermissionRequestHandler people) {}

  ToolCallHandler(
      ModelEndpoint.Connection connection,
      OutputMapper outputMapper,
      Deciders deciders,
      OutputBuffer outputBuffer) {
    this.connection = connection;
    this.outputMapper = outputMapper;
    this.deciders = deciders;
    this.outputBuffer = outputBuffer;
  }

  /** One that is known is not heard again: its hooks were being asked when its node died. */
  void requestPermission(PermissionRequest call, OutputMapper.OutputCollector outputCollector) {
    if (!outputBuffer.isRunning() || deciders.people().knows(call)) {
      return;
    }
    if (!connection.wasRequested(call.toolUseId())) {
      outputCollector.add(
          outputMapper.thread(call),
          new Output.Incident(
              "unasked_tool_call",
              "the CLI wants to run " + call.toolName() + "; the model never asked for it"));
    }
    ToolCallEvaluator toolCallEvaluator = deciders.judge();
    ToolCallAuthorizer.PermissionDecision first = toolCallEvaluator.ruling(call, Optional.empty());
    if (!first.is(Verdict.DENIED)
        && deciders
            .hooks()
            .runHooks(
                toolCallEvaluator.whose(),
                call,
                toolCallEvaluator.mode(),
                result -> onHookResult(call, result))) {
      deciders.people().deliberate(call);
    } else {
      deciders.people().outputs(call, outputCollector, first);
      outputBuffer.answerAfterwards(call);
    }
  }

  /** What the hooks say about a call is recorded with the decision, and then acted on. */
  private void onHookResult(PermissionRequest call, Hooks.HookResult result) {
    if (!outputBuffer.isRunning() || !deciders.people().takeDeliberated(call)) {
      return; // The run is over, or the CLI took the call back.
    }
    PermissionRequest now = result.input().map(call::with).orElse(call);
    OutputMapper.OutputCollector outputCollector = outputBuffer.ofRunner();
    result
        .executions()
        .forEach(hookExecution -> outputCollector.add(outputMapper.thread(call), hookExecution));
    deciders.people().outputs(now, outputCollector, deciders.judge().ruling(now, result.ruling()));
    outputBuffer.answerAfterwards(now);
    outputBuffer.flushed();
  }
}
