package io.agentledger.gateway.task;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.task.ExecutionService.ExecutionFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for executions at the paths of the origin document, which calls them tasks. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "tasks")
class TaskAliasController {
  private final ExecutionService executionService;

  TaskAliasController(ExecutionService executionService) {
    this.executionService = executionService;
  }

  @GetMapping
  @Operation(operationId = "listTasksByAlias", summary = "Alias of GET /api/v1/executions")
  Mono<Page<ExecutionView>> list(
      @RequestParam(name = "task_id", required = false) @Nullable TaskId taskId,
      @RequestParam(required = false) @Nullable Set<@Nullable ExecutionStatus> status,
      @RequestParam(name = "parent_session_id", required = false)
          @Nullable SessionId parentSessionId,
      @RequestParam(name = "parent_execution_id", required = false)
          @Nullable ExecutionId parentExecutionId,
      PageRequest page,
      RequestContext context) {
    return executionService.list(
        context, new ExecutionFilter(taskId, status, parentSessionId, parentExecutionId), page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTaskByAlias", summary = "Alias of GET /api/v1/executions/{id}")
  Mono<ExecutionView> find(@PathVariable ExecutionId id, RequestContext context) {
    return executionService.find(context, id);
  }

  @PostMapping("/{id}/stop")
  @Operation(
      operationId = "stopTaskByAlias",
      summary = "Alias of POST /api/v1/executions/{id}/cancel")
  Mono<ExecutionView> stop(
      @PathVariable ExecutionId id, IdempotencyKey key, RequestContext context) {
    return executionService.cancel(context, id, key.withoutBody());
  }
}
