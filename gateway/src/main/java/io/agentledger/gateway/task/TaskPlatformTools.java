package io.agentledger.gateway.task;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindExecution;
import io.agentledger.api.task.TaskQuery.ListExecutions;
import io.agentledger.api.task.TaskQuery.ListTasks;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.task.ExecutionService.ExecutionFilter;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.constraints.NotNull;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server for tasks and their executions. */
@Component
class TaskPlatformTools implements PlatformToolProvider {
  private static final String REQUIRED = "is required";

  private final TaskService taskService;
  private final ExecutionService executionService;
  private final IdempotencyKeys idempotencyKeys;
  private final RequestValidator validator;

  TaskPlatformTools(
      TaskService taskService,
      ExecutionService executionService,
      IdempotencyKeys idempotencyKeys,
      RequestValidator validator) {
    this.taskService = taskService;
    this.executionService = executionService;
    this.idempotencyKeys = idempotencyKeys;
    this.validator = validator;
  }

  record ListTasksArguments(
      @ToolArgument("Category of the tasks; all if omitted") @Nullable String category,
      @ToolArgument("Number of tasks, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record RunTaskArguments(
      @ToolArgument("Id of the task") @NotNull(message = REQUIRED) TaskId taskId,
      @ToolArgument("Values of the task's variables, by name")
          @Nullable Map<String, String> variables,
      @ToolArgument("Key of your choice: a repeated call with it has no second effect")
          @Nullable String idempotencyKey) {}

  record ListExecutionsArguments(
      @ToolArgument("Id of the task; all tasks if omitted") @Nullable TaskId taskId,
      @ToolArgument("Status of the executions; all if omitted") @Nullable ExecutionStatus status,
      @ToolArgument("Id of the execution whose agents started them; all if omitted")
          @Nullable ExecutionId parentExecutionId,
      @ToolArgument("Number of executions, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record ExecutionArguments(
      @ToolArgument("Id of the execution") @NotNull(message = REQUIRED) ExecutionId executionId) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "list_tasks",
            "List tasks",
            "Lists your own and shared tasks, with their variables and schedules.",
            Effect.READ,
            ListTasks.class,
            ListTasksArguments.class,
            (context, arguments) ->
                taskService.list(
                    context,
                    arguments.category(),
                    null,
                    false,
                    PlatformTool.toPage(arguments.limit(), arguments.cursor()))),
        new PlatformTool<>(
            "run_task",
            "Run a task",
            "Queues an execution of a task and returns it; get_execution tells when it has ended.",
            Effect.ADD,
            QueueExecution.class,
            RunTaskArguments.class,
            this::runTask),
        new PlatformTool<>(
            "list_executions",
            "List executions",
            "Lists executions of tasks, newest first.",
            Effect.READ,
            ListExecutions.class,
            ListExecutionsArguments.class,
            (context, arguments) ->
                executionService.list(
                    context,
                    new ExecutionFilter(
                        arguments.taskId(),
                        arguments.status() == null
                            ? null
                            : Collections.<@Nullable ExecutionStatus>singleton(arguments.status()),
                        null,
                        arguments.parentExecutionId()),
                    PlatformTool.toPage(arguments.limit(), arguments.cursor()))),
        new PlatformTool<>(
            "get_execution",
            "Get an execution",
            "Returns the status of an execution, its sessions, and why it failed.",
            Effect.READ,
            FindExecution.class,
            ExecutionArguments.class,
            (context, arguments) -> executionService.find(context, arguments.executionId())),
        new PlatformTool<>(
            "cancel_execution",
            "Cancel an execution",
            "Cancels an execution and closes its session.",
            Effect.CHANGE,
            CancelExecution.class,
            ExecutionArguments.class,
            (context, arguments) ->
                executionService.cancel(context, arguments.executionId(), null)));
  }

  private Mono<ExecutionView> runTask(RequestContext context, RunTaskArguments arguments) {
    MessageAuthorizer.checkScopes(FindExecution.class, context.metadata()); // Before it is queued.
    return executionService.run(
        context,
        arguments.taskId(),
        validator.check(new RunTaskRequest(VariableValue.ofTexts(arguments.variables()), null)),
        idempotencyKeys.create(arguments.idempotencyKey(), "mcp run_task", arguments));
  }
}
