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
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for executions. */
@RestController
@RequestMapping(path = ExecutionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "tasks")
class ExecutionController {
  static final String PATH = "/api/v1/executions";

  private final ExecutionService executionService;

  ExecutionController(ExecutionService executionService) {
    this.executionService = executionService;
  }

  /** Returns the response to a request that queued an execution. */
  static ResponseEntity<ExecutionView> accepted(ExecutionView view) {
    return ResponseEntity.accepted().location(URI.create(PATH + "/" + view.id())).body(view);
  }

  @GetMapping
  @Operation(operationId = "listExecutions", summary = "List your executions, newest first")
  Mono<Page<ExecutionView>> list(
      @RequestParam(name = "task_id", required = false) @Nullable TaskId taskId,
      @RequestParam(required = false) @Nullable Set<@Nullable ExecutionStatus> status,
      @RequestParam(name = "parent_session_id", required = false)
          @Nullable SessionId parentSessionId,
      @RequestParam(name = "parent_execution_id", required = false)
          @Nullable ExecutionId parentExecutionId,
      PageRequest page,
      RequestContext context) {
    var filter = new ExecutionFilter(taskId, status, parentSessionId, parentExecutionId);
    return executionService.list(context, filter, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getExecution", summary = "Get an execution")
  Mono<ExecutionView> find(@PathVariable ExecutionId id, RequestContext context) {
    return executionService.find(context, id);
  }

  @PostMapping("/{id}/cancel")
  @Operation(
      operationId = "cancelExecution",
      summary = "Cancel an execution; its session is closed")
  Mono<ExecutionView> cancel(
      @PathVariable ExecutionId id, IdempotencyKey key, RequestContext context) {
    return executionService.cancel(context, id, key.withoutBody());
  }

  @PostMapping("/{id}/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "retryExecution",
      summary = "Run the task of an execution that has ended again, with the same variables")
  Mono<ResponseEntity<ExecutionView>> retry(
      @PathVariable ExecutionId id, IdempotencyKey key, RequestContext context) {
    return executionService
        .retry(context, id, key.withoutBody())
        .map(ExecutionController::accepted);
  }
}
