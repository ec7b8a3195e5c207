package io.agentledger.gateway.session;

import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Folders of the host over RSocket. */
@Controller
class DirectoryRoutes {
  private final DirectoryDoor directories;
  private final WireJson json;

  DirectoryRoutes(DirectoryDoor directories, WireJson json) {
    this.directories = directories;
    this.json = json;
  }

  @MessageMapping("directories.list")
  Mono<byte[]> offered(Visit visit) {
    return directories.offered(visit).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.directories")
  Mono<byte[]> list(@DestinationVariable String id, Visit visit) {
    return directories.list(visit, SessionRoutes.known(id)).map(json::bytes);
  }
}
