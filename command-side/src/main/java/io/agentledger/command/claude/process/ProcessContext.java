package io.agentledger.command.claude.process;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.claude.state.SessionTooling;
import java.util.Map;

/**
 * Context of one process of a session under one lease.
 *
 * @param tools the session's tools when the process was started; the session may have others by now
 * @param leftOutImports configuration files of the workspace that the process does not get ->
 *     reason
 * @param execution execution that is recorded with every run of the process
 * @param prewarmed whether it was started in an empty workspace before its session was opened
 */
public record ProcessContext(
    ClaudeProcess process,
    LaunchSpec spec,
    AgentPathResolver paths,
    Execution execution,
    SessionState state,
    SessionTooling tools,
    Map<String, String> leftOutImports,
    boolean prewarmed) {

  public ProcessId id() {
    return execution.processId();
  }

  public long epoch() {
    return execution.epoch();
  }

  /** Returns whether it has ever begun a task, of which the CLI may still notify its model. */
  public boolean hasStartedTask() {
    return state.pendingRequests().hasStartedTask(id());
  }

  /** Returns whether it has begun the task, which may have ended since. */
  public boolean hasStartedTask(String task) {
    return state.pendingRequests().hasStartedTask(id(), task);
  }
}
