package io.agentledger.gateway.task;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.TaskId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.task.ExecutionService.ExecutionFilter;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for executions. Data is JSON in both directions, with the fields of REST. */
@Controller
class ExecutionRSocketController {
  private final ExecutionService executionService;
  private final WireJson json;

  ExecutionRSocketController(ExecutionService executionService, WireJson json) {
    this.executionService = executionService;
    this.json = json;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable TaskId taskId,
      @Nullable Set<@Nullable ExecutionStatus> status,
      @Nullable SessionId parentSessionId,
      @Nullable ExecutionId parentExecutionId,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  @MessageMapping("executions.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var filter =
        new ExecutionFilter(
            params.taskId(), params.status(), params.parentSessionId(), params.parentExecutionId());
    return executionService.list(context, filter, page).map(json::toBytes);
  }

  @MessageMapping("executions.{id}.get")
  Mono<byte[]> find(@DestinationVariable ExecutionId id, RequestContext context) {
    return executionService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("executions.{id}.cancel")
  Mono<byte[]> cancel(@DestinationVariable ExecutionId id, RequestContext context) {
    return executionService.cancel(context, id, null).map(json::toBytes);
  }

  @MessageMapping("executions.{id}.retry")
  Mono<byte[]> retry(
      @DestinationVariable ExecutionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    return executionService.retry(context, id, key.withoutBody()).map(json::toBytes);
  }
}
