package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Calls the hooks for a hook point that the CLI reports, records their executions and responds. */
record PointHookRunner(
    ProcessContext processContext,
    HookHandler hooks,
    ToolCallAuthorizer.Subject subject,
    PermissionRequestHandler permissionRequestHandler,
    OutputBuffer outputBuffer) {

  /**
   * @param run the last run in progress; it may have ended, because the CLI does not wait for all
   *     hook points
   */
  void run(HookCallback callback, Optional<RunId> run) {
    permissionRequestHandler.startHookPoint(callback.requestId());
    hooks.runPointHooks(subject, callback, result -> reply(callback, run, result));
  }

  private void reply(HookCallback callback, Optional<RunId> run, Hooks.HookResult result) {
    permissionRequestHandler.endHookPoint(callback.requestId());
    run.ifPresentOrElse(
        hooked -> outputBuffer.record(hooked, result.executions()), outputBuffer::flushUnchecked);
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
