package io.agentledger.gateway.task;

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

/** RSocket routes for tasks. Data is JSON in both directions, with the fields of REST. */
@Controller
class TaskRSocketController {
  private final TaskService taskService;
  private final ExecutionService executionService;
  private final WireJson json;

  TaskRSocketController(TaskService taskService, ExecutionService executionService, WireJson json) {
    this.taskService = taskService;
    this.executionService = executionService;
    this.json = json;
  }

  /** Parameters of a list of tasks; null is the default. */
  record ListParams(
      @Nullable String category,
      @Nullable String tag,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Parameters of a list of executions of a task; null is the default. */
  record ExecutionListParams(
      @Nullable Set<@Nullable ExecutionStatus> status,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Id of an archived task. */
  record ArchivedResponse(TaskId id) {}

  @MessageMapping("tasks.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(TaskRequest.class);
    return taskService.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("tasks.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    boolean includeArchived = Boolean.TRUE.equals(params.includeArchived());
    return taskService
        .list(context, params.category(), params.tag(), includeArchived, page)
        .map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.get")
  Mono<byte[]> find(@DestinationVariable TaskId id, RequestContext context) {
    return taskService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.statistics")
  Mono<byte[]> findStatistics(@DestinationVariable TaskId id, RequestContext context) {
    return taskService.findStatistics(context, id, null).map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.change")
  Mono<byte[]> change(@DestinationVariable TaskId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(TaskRequest.class);
    return taskService.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable TaskId id, RequestContext context) {
    return taskService.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("tasks.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable TaskId id, RequestContext context) {
    return taskService.pause(context, id, null).map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.resume")
  Mono<byte[]> resume(@DestinationVariable TaskId id, RequestContext context) {
    return taskService.resume(context, id, null).map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.run")
  Mono<byte[]> run(@DestinationVariable TaskId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(RunTaskRequest.class);
    return executionService.run(context, id, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.executions")
  Mono<byte[]> listExecutions(
      @DestinationVariable TaskId id, RSocketBody body, RequestContext context) {
    var params = body.read(ExecutionListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return taskService
        .find(context, id)
        .flatMap(
            task ->
                executionService.list(
                    context, ExecutionFilter.ofTask(task.id(), params.status()), page))
        .map(json::toBytes);
  }

  @MessageMapping("tasks.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable TaskId id, RSocketBody body, RequestContext context) {
    return taskService.listVersions(context, id, body.readPage()).map(json::toBytes);
  }
}
