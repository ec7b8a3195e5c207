package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for agents. Data is JSON in both directions, with the fields of REST. */
@Controller
class AgentRSocketController {
  private final AgentService agentService;
  private final WireJson json;

  AgentRSocketController(AgentService agentService, WireJson json) {
    this.agentService = agentService;
    this.json = json;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable String name,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Id of an archived agent. */
  record ArchivedResponse(AgentId id) {}

  @MessageMapping("agents.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(AgentRequest.class);
    return agentService.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("agents.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return agentService
        .list(context, params.name(), Boolean.TRUE.equals(params.includeArchived()), page)
        .map(json::toBytes);
  }

  @MessageMapping("agents.{id}.get")
  Mono<byte[]> find(@DestinationVariable AgentId id, RequestContext context) {
    return agentService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("agents.{id}.change")
  Mono<byte[]> change(@DestinationVariable AgentId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(AgentRequest.class);
    return agentService.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("agents.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable AgentId id, RequestContext context) {
    return agentService.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("agents.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable AgentId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey().withoutBody();
    return agentService.restore(context, id, key).map(json::toBytes);
  }

  @MessageMapping("agents.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable AgentId id, RSocketBody body, RequestContext context) {
    return agentService.listVersions(context, id, body.readPage()).map(json::toBytes);
  }
}
