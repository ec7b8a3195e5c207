package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.workspace.SessionComparisonService.ComparisonParams;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket route that compares a session at two positions. */
@Controller
class SessionComparisonRSocketController {
  private final SessionComparisonService comparisons;
  private final WireJson json;

  SessionComparisonRSocketController(SessionComparisonService comparisons, WireJson json) {
    this.comparisons = comparisons;
    this.json = json;
  }

  @MessageMapping("sessions.{id}.comparison")
  Mono<byte[]> compare(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    return comparisons.compare(context, id, body.read(ComparisonParams.class)).map(json::toBytes);
  }
}
