package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RenameSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RestoreSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.UnpauseSession;
import io.agentledger.api.session.command.SetToolsResult;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for the settings and the lifecycle of sessions. */
@Controller
class SessionLifecycleRSocketController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final WireJson json;
  private final RequestValidator validator;

  /** Id of a deleted session. */
  record DeletedResponse(SessionId id) {}

  SessionLifecycleRSocketController(
      MessageGateway messageGateway,
      SessionService sessionService,
      WireJson json,
      RequestValidator validator) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.json = json;
    this.validator = validator;
  }

  @MessageMapping("sessions.{id}.rename")
  Mono<byte[]> rename(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var request = validator.check(json.read(json.parseObject(data), UpdateTitleRequest.class));
    return sendAndGet(
        context, new RenameSession(SessionRSocketController.parseSessionId(id), request.title()));
  }

  @MessageMapping("sessions.{id}.tag")
  Mono<byte[]> tag(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var request = validator.check(json.read(json.parseObject(data), UpdateTagsRequest.class));
    return sendAndGet(
        context, new TagSession(SessionRSocketController.parseSessionId(id), request.tags()));
  }

  @MessageMapping("sessions.{id}.tools")
  Mono<byte[]> setTools(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var request = validator.check(json.read(json.parseObject(data), UpdateToolsRequest.class));
    return messageGateway
        .<SetToolsResult>send(
            context, new SetTools(SessionRSocketController.parseSessionId(id), request.toTools()))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable String id, RequestContext context) {
    return sendAndGet(context, new PauseSession(SessionRSocketController.parseSessionId(id)));
  }

  @MessageMapping("sessions.{id}.unpause")
  Mono<byte[]> unpause(@DestinationVariable String id, RequestContext context) {
    return sendAndGet(context, new UnpauseSession(SessionRSocketController.parseSessionId(id)));
  }

  @MessageMapping("sessions.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable String id, RequestContext context) {
    return sendAndGet(context, new ArchiveSession(SessionRSocketController.parseSessionId(id)));
  }

  @MessageMapping("sessions.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable String id, RequestContext context) {
    return sendAndGet(context, new RestoreSession(SessionRSocketController.parseSessionId(id)));
  }

  @MessageMapping("sessions.{id}.close")
  Mono<byte[]> close(@DestinationVariable String id, RequestContext context) {
    return sendAndGet(context, new CloseSession(SessionRSocketController.parseSessionId(id)));
  }

  @MessageMapping("sessions.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable String id, RequestContext context) {
    var session = SessionRSocketController.parseSessionId(id);
    return sessionService
        .delete(context, session)
        .thenReturn(json.toBytes(new DeletedResponse(session)));
  }

  private Mono<byte[]> sendAndGet(RequestContext context, SessionCommand command) {
    return messageGateway
        .send(context, command)
        .then(sessionService.find(context, command.sessionId()))
        .map(json::toBytes);
  }
}
