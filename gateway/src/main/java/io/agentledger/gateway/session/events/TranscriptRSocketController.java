package io.agentledger.gateway.session.events;

import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.gateway.session.SessionRSocketController;
import io.agentledger.gateway.support.json.Utf8Text;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** A session's transcript and tool calls over RSocket. */
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
   * @param threadId of which lane alone
   */
  record ListParams(
      @Nullable ThreadId threadId, @Nullable Integer limit, @Nullable String cursor) {}

  @MessageMapping("sessions.{id}.messages")
  Mono<byte[]> listMessages(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var session = SessionRSocketController.parseSessionId(id);
    var listParams = parseListParams(data);
    var page = Pagination.toPageRequest(listParams.limit(), listParams.cursor());
    return messageGateway
        .queryPage(
            context, new ListMessages(context.tenant(), session, listParams.threadId(), page))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.tool-calls")
  Mono<byte[]> listToolCalls(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var session = SessionRSocketController.parseSessionId(id);
    var listParams = parseListParams(data);
    var page = Pagination.toPageRequest(listParams.limit(), listParams.cursor());
    return messageGateway
        .queryPage(
            context, new ListToolCalls(context.tenant(), session, listParams.threadId(), page))
        .map(json::toBytes);
  }

  private ListParams parseListParams(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? new ListParams(null, null, null)
        : json.read(Utf8Text.decode(data), ListParams.class);
  }
}
