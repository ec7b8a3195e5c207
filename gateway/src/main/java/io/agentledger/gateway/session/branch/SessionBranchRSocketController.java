package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.query.SessionQuery.ListInheritedMessages;
import io.agentledger.gateway.session.SessionRSocketController;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** New sessions that begin where others are, over RSocket. */
@Controller
class SessionBranchRSocketController {
  private final MessageGateway messageGateway;
  private final SessionBranchService branches;
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;

  SessionBranchRSocketController(
      MessageGateway messageGateway,
      SessionBranchService branches,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.branches = branches;
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  /** Requested page; null is the default. */
  record PageParams(@Nullable Integer limit, @Nullable String cursor) {}

  @MessageMapping("sessions.{id}.fork")
  Mono<byte[]> fork(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = json.parseObject(data);
    var key = WireJson.removeText(fields, "idempotency_key");
    var request = validator.check(json.read(fields, ForkSessionRequest.class));
    var idempotency = idempotencyKeys.create(key, "sessions." + id + ".fork", request);
    return branches
        .fork(context, SessionRSocketController.parseSessionId(id), request, idempotency)
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.clone")
  Mono<byte[]> cloneSession(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = json.parseObject(data);
    var key = WireJson.removeText(fields, "idempotency_key");
    var request = validator.check(json.read(fields, CloneSessionRequest.class));
    var idempotency = idempotencyKeys.create(key, "sessions." + id + ".clone", request);
    return branches
        .cloneSession(context, SessionRSocketController.parseSessionId(id), request, idempotency)
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.inherited-messages")
  Mono<byte[]> listInheritedMessages(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var params = json.read(json.parseObject(data), PageParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var session = SessionRSocketController.parseSessionId(id);
    return messageGateway
        .queryPage(context, new ListInheritedMessages(context.tenant(), session, page))
        .map(json::toBytes);
  }
}
