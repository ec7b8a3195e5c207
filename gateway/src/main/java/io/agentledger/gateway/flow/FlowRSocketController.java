package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.gateway.flow.FlowService.FlowFilter;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for flows. Data is JSON in both directions, with the fields of REST. */
@Controller
class FlowRSocketController {
  private final FlowService flowService;
  private final WireJson json;

  FlowRSocketController(FlowService flowService, WireJson json) {
    this.flowService = flowService;
    this.json = json;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Set<@Nullable FlowStatus> status,
      @Nullable TaskId taskId,
      @Nullable TriggerId triggerId,
      @Nullable UserId owner,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  @MessageMapping("flows.start")
  Mono<byte[]> start(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(StartFlowRequest.class);
    return flowService.start(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("flows.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var filter =
        new FlowFilter(params.status(), params.taskId(), params.triggerId(), params.owner());
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return flowService.list(context, filter, page).map(json::toBytes);
  }

  @MessageMapping("flows.{id}.get")
  Mono<byte[]> find(@DestinationVariable FlowId id, RequestContext context) {
    return flowService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("flows.{id}.plan")
  Mono<byte[]> findPlan(@DestinationVariable FlowId id, RequestContext context) {
    return flowService.findPlan(context, id).map(json::toBytes);
  }

  @MessageMapping("flows.{id}.approve")
  Mono<byte[]> approve(@DestinationVariable FlowId id, RSocketBody body, RequestContext context) {
    return decide(id, Decision.APPROVE, body, context);
  }

  @MessageMapping("flows.{id}.reject")
  Mono<byte[]> reject(@DestinationVariable FlowId id, RSocketBody body, RequestContext context) {
    return decide(id, Decision.REJECT, body, context);
  }

  private Mono<byte[]> decide(
      FlowId id, Decision decision, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(DecideFlowRequest.class);
    return flowService
        .decide(context, FlowService.toCommand(id, decision, request, key.with(request)))
        .map(json::toBytes);
  }

  @MessageMapping("flows.{id}.cancel")
  Mono<byte[]> cancel(@DestinationVariable FlowId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    return flowService.cancel(context, id, key.withoutBody()).map(json::toBytes);
  }
}
