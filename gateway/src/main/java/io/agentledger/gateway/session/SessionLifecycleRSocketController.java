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
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for the settings and the lifecycle of sessions. */
@Controller
class SessionLifecycleRSocketController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final WireJson json;

  /** Id of a deleted session. */
  record DeletedResponse(SessionId id) {}

  SessionLifecycleRSocketController(
      MessageGateway messageGateway, SessionService sessionService, WireJson json) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.json = json;
  }

  @MessageMapping("sessions.{id}.rename")
  Mono<byte[]> rename(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var request = body.read(UpdateTitleRequest.class);
    return sendAndGet(context, new RenameSession(id, request.title()));
  }

  @MessageMapping("sessions.{id}.tag")
  Mono<byte[]> tag(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var request = body.read(UpdateTagsRequest.class);
    return sendAndGet(context, new TagSession(id, request.toTags()));
  }

  @MessageMapping("sessions.{id}.tools")
  Mono<byte[]> setTools(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var request = body.read(UpdateToolsRequest.class);
    return messageGateway
        .<SetToolsResult>send(context, new SetTools(id, request.toTools()))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable SessionId id, RequestContext context) {
    return sendAndGet(context, new PauseSession(id));
  }

  @MessageMapping("sessions.{id}.unpause")
  Mono<byte[]> unpause(@DestinationVariable SessionId id, RequestContext context) {
    return sendAndGet(context, new UnpauseSession(id));
  }

  @MessageMapping("sessions.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable SessionId id, RequestContext context) {
    return sendAndGet(context, new ArchiveSession(id));
  }

  @MessageMapping("sessions.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable SessionId id, RequestContext context) {
    return sendAndGet(context, new RestoreSession(id));
  }

  @MessageMapping("sessions.{id}.close")
  Mono<byte[]> close(@DestinationVariable SessionId id, RequestContext context) {
    return sendAndGet(context, new CloseSession(id));
  }

  @MessageMapping("sessions.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable SessionId id, RequestContext context) {
    return sessionService.delete(context, id).thenReturn(json.toBytes(new DeletedResponse(id)));
  }

  private Mono<byte[]> sendAndGet(RequestContext context, SessionCommand command) {
    return messageGateway
        .send(context, command)
        .then(sessionService.find(context, command.sessionId()))
        .map(json::toBytes);
  }
}
