package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Output;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the hooks of a point that the CLI reports, records them and replies. */
record PointHookRunner(
    ProcessContext processContext,
    HookHandler hooks,
    ToolCallAuthorizer.Subject subject,
    PermissionRequestHandler permissionRequestHandler,
    RunCoordinator coordinator,
    OutputBuffer outputBuffer,
    RunCommandSender runCommandSender,
    DerivedIds derivedIds) {

  /**
   * @param run that was in progress last; the CLI does not wait with its end for all points
   */
  void run(HookCallback callback, Optional<RunId> run) {
    permissionRequestHandler.startHookPoint(callback.requestId());
    hooks.runPointHooks(subject, callback, result -> reply(callback, run, result));
  }

  private void reply(HookCallback callback, Optional<RunId> run, Hooks.HookResult result) {
    permissionRequestHandler.endHookPoint(callback.requestId());
    List<Output.Entry> lateEntries = new ArrayList<>();
    boolean isLate = !coordinator.currentRunId().equals(run);
    OutputMapper.OutputCollector outputCollector =
        isLate
            ? OutputMapper.OutputCollector.forRunner(lateEntries)
            : outputBuffer.collectorForRunner();
    result
        .executions()
        .forEach(hookExecution -> outputCollector.add(derivedIds.mainThread(), hookExecution));
    outputBuffer.flushUnchecked();
    run.filter(ended -> !lateEntries.isEmpty())
        .ifPresent(ended -> runCommandSender.record(ended, lateEntries));
    try {
      processContext
          .process()
          .send(
              ClaudeInput.hookResponse(
                  callback.requestId(), hooks.responseFields(callback, result)));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
