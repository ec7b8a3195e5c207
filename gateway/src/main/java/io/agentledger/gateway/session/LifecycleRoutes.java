package io.agentledger.gateway.session;

import io.agentledger.api.session.KeepingCommand.ArchiveSession;
import io.agentledger.api.session.KeepingCommand.CloseSession;
import io.agentledger.api.session.KeepingCommand.DeleteSession;
import io.agentledger.api.session.KeepingCommand.PauseSession;
import io.agentledger.api.session.KeepingCommand.RenameSession;
import io.agentledger.api.session.KeepingCommand.RestoreSession;
import io.agentledger.api.session.KeepingCommand.TagSession;
import io.agentledger.api.session.KeepingCommand.UnpauseSession;
import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionCommand.SetTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolsChange;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** What sessions are called and where they stand in their life, over RSocket. */
@Controller
class LifecycleRoutes {
  private final Bus bus;
  private final SessionDoor door;
  private final WireJson json;
  private final Checks checks;

  /** What is not there any more. */
  record Gone(SessionId id) {}

  LifecycleRoutes(Bus bus, SessionDoor door, WireJson json, Checks checks) {
    this.bus = bus;
    this.door = door;
    this.json = json;
    this.checks = checks;
  }

  @MessageMapping("sessions.{id}.rename")
  Mono<byte[]> rename(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var wish = checks.check(json.read(json.object(data), NewTitle.class));
    return then(visit, new RenameSession(SessionRoutes.known(id), wish.title()));
  }

  @MessageMapping("sessions.{id}.tag")
  Mono<byte[]> tag(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var wish = checks.check(json.read(json.object(data), NewTags.class));
    return then(visit, new TagSession(SessionRoutes.known(id), wish.tags()));
  }

  @MessageMapping("sessions.{id}.tools")
  Mono<byte[]> tools(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var wish = checks.check(json.read(json.object(data), NewTools.class));
    return bus.<ToolsChange>send(visit, new SetTools(SessionRoutes.known(id), wish.toTools()))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable String id, Visit visit) {
    return then(visit, new PauseSession(SessionRoutes.known(id)));
  }

  @MessageMapping("sessions.{id}.unpause")
  Mono<byte[]> unpause(@DestinationVariable String id, Visit visit) {
    return then(visit, new UnpauseSession(SessionRoutes.known(id)));
  }

  @MessageMapping("sessions.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable String id, Visit visit) {
    return then(visit, new ArchiveSession(SessionRoutes.known(id)));
  }

  @MessageMapping("sessions.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable String id, Visit visit) {
    return then(visit, new RestoreSession(SessionRoutes.known(id)));
  }

  @MessageMapping("sessions.{id}.close")
  Mono<byte[]> close(@DestinationVariable String id, Visit visit) {
    return then(visit, new CloseSession(SessionRoutes.known(id)));
  }

  @MessageMapping("sessions.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable String id, Visit visit) {
    var session = SessionRoutes.known(id);
    return bus.send(visit, new DeleteSession(session)).thenReturn(json.bytes(new Gone(session)));
  }

  private Mono<byte[]> then(Visit visit, SessionCommand command) {
    return bus.send(visit, command).then(door.find(visit, command.sessionId())).map(json::bytes);
  }
}
