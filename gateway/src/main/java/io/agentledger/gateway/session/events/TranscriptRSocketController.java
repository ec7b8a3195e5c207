package io.agentledger.gateway.session.events;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.gateway.session.PositionParams;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for a session's transcript and tool calls. */
@Controller
class TranscriptRSocketController {
  private final MessageGateway messageGateway;
  private final WireJson json;

  TranscriptRSocketController(MessageGateway messageGateway, WireJson json) {
    this.messageGateway = messageGateway;
    this.json = json;
  }

  /**
   * Parameters of a list; null is the default.
   *
   * @param threadId the only thread to list
   * @param at sequence number of the last event
   * @param asOf time of the last event at the latest
   */
  record ListParams(
      @Nullable ThreadId threadId,
      @Nullable Long at,
      @Nullable Instant asOf,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  @MessageMapping("sessions.{id}.messages")
  Mono<byte[]> listMessages(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var position = new PositionParams(params.at(), params.asOf()).toPosition();
    return messageGateway
        .queryPage(
            context, new ListMessages(context.tenant(), id, params.threadId(), position, page))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.tool-calls")
  Mono<byte[]> listToolCalls(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var position = new PositionParams(params.at(), params.asOf()).toPosition();
    return messageGateway
        .queryPage(
            context, new ListToolCalls(context.tenant(), id, params.threadId(), position, page))
        .map(json::toBytes);
  }
}
