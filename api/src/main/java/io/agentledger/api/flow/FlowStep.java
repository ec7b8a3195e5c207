package io.agentledger.api.flow;

import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionRequest;

/**
 * Step of a flow that an execution of a task carries out, as the task was when the flow started.
 *
 * @param request with a prompt of its own in the step that does the work, because the plan is
 *     appended to it
 */
public record FlowStep(TaskRef task, ExecutionOptions options, ExecutionRequest request) {}
