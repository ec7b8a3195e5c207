package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
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

/** What sessions are called and where they stand in their life, over RSocket. */
@Controller
class SessionLifecycleRSocketController {
  private final MessageGateway bus;
  private final SessionService door;
  private final WireJson json;
  private final RequestValidator checks;

  /** What is not there any more. */
  record DeletedResponse(SessionId id) {}

  SessionLifecycleRSocketController(
      MessageGateway bus, SessionService door, WireJson json, RequestValidator checks) {
    this.bus = bus;
    this.door = door;
    this.json = json;
    this.checks = checks;
  }

  @MessageMapping("sessions.{id}.rename")
  Mono<byte[]> rename(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    var wish = checks.check(json.read(json.object(data), UpdateTitleRequest.class));
    return then(visit, new RenameSession(SessionRSocketController.known(id), wish.title()));
  }

  @MessageMapping("sessions.{id}.tag")
  Mono<byte[]> tag(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    var wish = checks.check(json.read(json.object(data), UpdateTagsRequest.class));
    return then(visit, new TagSession(SessionRSocketController.known(id), wish.tags()));
  }

  @MessageMapping("sessions.{id}.tools")
  Mono<byte[]> tools(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    var wish = checks.check(json.read(json.object(data), UpdateToolsRequest.class));
    return bus.<SetToolsResult>send(
            visit, new SetTools(SessionRSocketController.known(id), wish.toTools()))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable String id, RequestContext visit) {
    return then(visit, new PauseSession(SessionRSocketController.known(id)));
  }

  @MessageMapping("sessions.{id}.unpause")
  Mono<byte[]> unpause(@DestinationVariable String id, RequestContext visit) {
    return then(visit, new UnpauseSession(SessionRSocketController.known(id)));
  }

  @MessageMapping("sessions.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable String id, RequestContext visit) {
    return then(visit, new ArchiveSession(SessionRSocketController.known(id)));
  }

  @MessageMapping("sessions.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable String id, RequestContext visit) {
    return then(visit, new RestoreSession(SessionRSocketController.known(id)));
  }

  @MessageMapping("sessions.{id}.close")
  Mono<byte[]> close(@DestinationVariable String id, RequestContext visit) {
    return then(visit, new CloseSession(SessionRSocketController.known(id)));
  }

  @MessageMapping("sessions.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable String id, RequestContext visit) {
    var session = SessionRSocketController.known(id);
    return bus.send(visit, new DeleteSession(session))
        .thenReturn(json.bytes(new DeletedResponse(session)));
  }

  private Mono<byte[]> then(RequestContext visit, SessionCommand command) {
    return bus.send(visit, command).then(door.find(visit, command.sessionId())).map(json::bytes);
  }
}
