package io.agentledger.gateway.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.TaskCommand.ArchiveTask;
import io.agentledger.api.task.TaskCommand.ChangeTask;
import io.agentledger.api.task.TaskCommand.CreateTask;
import io.agentledger.api.task.TaskCommand.PauseTask;
import io.agentledger.api.task.TaskCommand.ResumeTask;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.api.task.TaskView;
import io.agentledger.gateway.support.platform.MergePatch;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.TemplateRequest.VariableRequest;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server that configure tasks. */
@Component
class TaskConfigurationTools implements PlatformToolProvider {
  private static final String REQUIRED = "is required";

  private final TaskService taskService;
  private final IdempotencyKeys idempotencyKeys;
  private final RequestValidator validator;
  private final MergePatch mergePatch;

  TaskConfigurationTools(
      TaskService taskService,
      IdempotencyKeys idempotencyKeys,
      RequestValidator validator,
      MergePatch mergePatch) {
    this.taskService = taskService;
    this.idempotencyKeys = idempotencyKeys;
    this.validator = validator;
    this.mergePatch = mergePatch;
  }

  record TaskArguments(
      @ToolArgument("Id of the task") @NotNull(message = REQUIRED) TaskId taskId) {}

  record CreateTaskArguments(
      @ToolArgument("Name of the task") @NotNull(message = REQUIRED) String name,
      @ToolArgument(
              "private, tenant: all users of the tenant may run it, or users: those of shared_with;"
                  + " private if omitted")
          @Nullable TaskSharing sharing,
      @ToolArgument("Ids of the users who may run it, with sharing users")
          @Nullable List<UserId> sharedWith,
      @ToolArgument("Purpose of the task") @Nullable String description,
      @ToolArgument("Category, for lists") @Nullable String category,
      @ToolArgument("Tags, for lists") @Nullable List<String> tags,
      @ToolArgument(
              "Variables: objects with name, and optionally required, default_value, description"
                  + " and pattern")
          @Nullable List<VariableRequest> variables,
      @ToolArgument(
              "Session of each execution, as in POST /api/v1/sessions: agent_id, title, options,"
                  + " budget_usd, workspace ...; ${name} in its texts refers to a variable")
          @Nullable Json session,
      @ToolArgument("First prompt of each session; ${name} in it refers to a variable")
          @Nullable String prompt,
      @ToolArgument("Priority, 0 to 9; 5 if omitted") @Nullable Integer priority,
      @ToolArgument("Timeout of each attempt in seconds; 3600 if omitted")
          @Nullable Integer timeoutSeconds,
      @ToolArgument("Attempts: an object with max_attempts and delay_seconds")
          TaskRequest.@Nullable RetryRequest retry,
      @ToolArgument(
              "When it starts: an object with type (cron, interval or once), and expression and"
                  + " time_zone, every_seconds, or at; only on request if omitted")
          @Nullable ScheduleRequest schedule,
      @ToolArgument("Key of your choice: a repeated call with it has no second effect")
          @Nullable String idempotencyKey) {
    TaskRequest toRequest() {
      return new TaskRequest(
          name,
          sharing,
          sharedWith,
          description,
          category,
          tags,
          variables,
          session,
          prompt,
          priority,
          timeoutSeconds,
          retry,
          schedule);
    }
  }

  record UpdateTaskArguments(
      @ToolArgument("Id of the task") @NotNull(message = REQUIRED) TaskId taskId,
      @ToolArgument("Version that the change is based on, from get_task")
          @NotNull(message = REQUIRED)
          Long version,
      @ToolArgument(
              "Fields of create_task to change; others stay, null removes one, objects are merged")
          @NotNull(message = REQUIRED)
          Json changes) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "get_task",
            "Get a task",
            "Returns a task with its version, which update_task needs.",
            Effect.READ,
            FindTask.class,
            TaskArguments.class,
            (context, arguments) -> taskService.find(context, arguments.taskId())),
        new PlatformTool<>(
            "create_task",
            "Create a task",
            "Saves a session with its prompt as a task, which run_task or its schedule starts.",
            Effect.ADD,
            CreateTask.class,
            CreateTaskArguments.class,
            this::create),
        new PlatformTool<>(
            "update_task",
            "Update a task",
            "Creates the next version of a task; its schedule follows at once, queued executions"
                + " keep their version.",
            Effect.CONFIGURE,
            ChangeTask.class,
            UpdateTaskArguments.class,
            this::update),
        new PlatformTool<>(
            "archive_task",
            "Archive a task",
            "Archives a task permanently: it is not started any more.",
            Effect.CONFIGURE,
            ArchiveTask.class,
            TaskArguments.class,
            (context, arguments) ->
                taskService
                    .archive(context, arguments.taskId())
                    .then(taskService.find(context, arguments.taskId()))),
        new PlatformTool<>(
            "pause_task",
            "Pause a task",
            "Pauses the schedule of a task.",
            Effect.CONFIGURE,
            PauseTask.class,
            TaskArguments.class,
            (context, arguments) -> taskService.pause(context, arguments.taskId(), null)),
        new PlatformTool<>(
            "resume_task",
            "Resume a task",
            "Continues the schedule of a task with its next time.",
            Effect.CONFIGURE,
            ResumeTask.class,
            TaskArguments.class,
            (context, arguments) -> taskService.resume(context, arguments.taskId(), null)));
  }

  private Mono<TaskView> create(RequestContext context, CreateTaskArguments arguments) {
    return taskService.create(
        context,
        validator.check(arguments.toRequest()),
        idempotencyKeys.create(arguments.idempotencyKey(), "mcp create_task", arguments));
  }

  private Mono<TaskView> update(RequestContext context, UpdateTaskArguments arguments) {
    return taskService
        .load(context, arguments.taskId())
        .map(task -> mergePatch.apply(task, arguments.changes(), TaskRequest.class))
        .flatMap(
            request ->
                taskService.change(context, arguments.taskId(), arguments.version(), request));
  }
}
