package io.agentledger.gateway.task;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskStatisticsView;
import io.agentledger.api.task.TaskVersionView;
import io.agentledger.api.task.TaskView;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.task.ExecutionService.ExecutionFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for tasks, their versions, and their executions. */
@RestController
@RequestMapping(path = TaskController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "tasks")
class TaskController {
  static final String PATH = "/api/v1/tasks";

  private final TaskService taskService;
  private final ExecutionService executionService;

  TaskController(TaskService taskService, ExecutionService executionService) {
    this.taskService = taskService;
    this.executionService = executionService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createTask", summary = "Create a task")
  Mono<ResponseEntity<TaskView>> create(
      @Valid @RequestBody TaskRequest request, IdempotencyKey key, RequestContext context) {
    return taskService
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listTasks", summary = "List your own and shared tasks, newest first")
  Mono<Page<TaskView>> list(
      @RequestParam(required = false) @Nullable String category,
      @RequestParam(required = false) @Nullable String tag,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return taskService.list(context, category, tag, includeArchived, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTask", summary = "Get a task")
  Mono<ResponseEntity<TaskView>> find(@PathVariable TaskId id, RequestContext context) {
    return taskService.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeTask",
      summary = "Create the next version of a task; queued executions keep theirs")
  Mono<ResponseEntity<TaskView>> change(
      @PathVariable TaskId id,
      @Valid @RequestBody TaskRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return taskService.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archiveTask",
      summary = "Archive a task; its versions and executions stay recorded")
  Mono<Void> archive(@PathVariable TaskId id, RequestContext context) {
    return taskService.archive(context, id);
  }

  @PostMapping("/{id}/pause")
  @Operation(operationId = "pauseTask", summary = "Pause the schedule of a task")
  Mono<TaskView> pause(@PathVariable TaskId id, IdempotencyKey key, RequestContext context) {
    return taskService.pause(context, id, key.withoutBody());
  }

  @PostMapping("/{id}/resume")
  @Operation(
      operationId = "resumeTask",
      summary = "Continue the schedule of a task with its next time")
  Mono<TaskView> resume(@PathVariable TaskId id, IdempotencyKey key, RequestContext context) {
    return taskService.resume(context, id, key.withoutBody());
  }

  @PostMapping(path = "/{id}/run", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "runTask", summary = "Run a task now, as yourself")
  Mono<ResponseEntity<ExecutionView>> run(
      @PathVariable TaskId id,
      @Valid @RequestBody RunTaskRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return executionService
        .run(context, id, request, key.with(request))
        .map(ExecutionController::accepted);
  }

  @GetMapping("/{id}/executions")
  @Operation(
      operationId = "listTaskExecutions",
      summary = "List your executions of a task, newest first")
  Mono<Page<ExecutionView>> listExecutions(
      @PathVariable TaskId id,
      @RequestParam(required = false) @Nullable Set<@Nullable ExecutionStatus> status,
      PageRequest page,
      RequestContext context) {
    return taskService
        .find(context, id)
        .flatMap(
            task ->
                executionService.list(context, ExecutionFilter.ofTask(task.id(), status), page));
  }

  @GetMapping("/{id}/statistics")
  @Operation(
      operationId = "getTaskStatistics",
      summary = "Get numbers, durations and costs of your executions of a task")
  Mono<TaskStatisticsView> findStatistics(
      @PathVariable TaskId id,
      @RequestParam(required = false) @Nullable String from,
      RequestContext context) {
    return taskService.findStatistics(context, id, QueryParameters.parseInstant("from", from));
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listTaskVersions",
      summary = "List the versions of a task and their authors")
  Mono<Page<TaskVersionView>> listVersions(
      @PathVariable TaskId id, PageRequest page, RequestContext context) {
    return taskService.listVersions(context, id, page);
  }
}
