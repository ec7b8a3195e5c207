package io.agentledger.gateway.flow;

import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for identities at providers. */
@Controller
class SourceIdentityRSocketController {
  private final SourceIdentityService identities;
  private final WireJson json;

  SourceIdentityRSocketController(SourceIdentityService identities, WireJson json) {
    this.identities = identities;
    this.json = json;
  }

  /** Id of an identity whose mapping was removed. */
  record RemovedResponse(SourceIdentityId id) {}

  @MessageMapping("source-identities.map")
  Mono<byte[]> map(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(MapSourceIdentityRequest.class);
    return identities.map(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("source-identities.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    return identities.list(context, body.readPage()).map(json::toBytes);
  }

  @MessageMapping("source-identities.{id}.get")
  Mono<byte[]> find(@DestinationVariable SourceIdentityId id, RequestContext context) {
    return identities.find(context, id).map(json::toBytes);
  }

  @MessageMapping("source-identities.{id}.remove")
  Mono<byte[]> remove(@DestinationVariable SourceIdentityId id, RequestContext context) {
    return identities.remove(context, id).thenReturn(json.toBytes(new RemovedResponse(id)));
  }
}
