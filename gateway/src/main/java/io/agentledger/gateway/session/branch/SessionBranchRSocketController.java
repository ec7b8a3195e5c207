package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.ListInheritedMessages;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for forks and clones. */
@Controller
class SessionBranchRSocketController {
  private final MessageGateway messageGateway;
  private final SessionBranchService branches;
  private final WireJson json;

  SessionBranchRSocketController(
      MessageGateway messageGateway, SessionBranchService branches, WireJson json) {
    this.messageGateway = messageGateway;
    this.branches = branches;
    this.json = json;
  }

  @MessageMapping("sessions.{id}.fork")
  Mono<byte[]> fork(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(ForkSessionRequest.class);
    return branches
        .fork(context, id, request, key.with(request))
        .map(fork -> json.toBytes(fork.session()));
  }

  @MessageMapping("sessions.{id}.clone")
  Mono<byte[]> cloneSession(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(CloneSessionRequest.class);
    return branches.cloneSession(context, id, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.inherited-messages")
  Mono<byte[]> listInheritedMessages(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    return messageGateway
        .queryPage(context, new ListInheritedMessages(context.tenant(), id, body.readPage()))
        .map(json::toBytes);
  }
}
