package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for directories of the host. */
@Controller
class DirectoryRSocketController {
  private final DirectoryService directories;
  private final WireJson json;

  DirectoryRSocketController(DirectoryService directories, WireJson json) {
    this.directories = directories;
    this.json = json;
  }

  @MessageMapping("directories.list")
  Mono<byte[]> listOffered(RequestContext context) {
    return directories.listOffered(context).map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.directories")
  Mono<byte[]> list(@DestinationVariable SessionId id, RequestContext context) {
    return directories.list(context, id).map(json::toBytes);
  }
}
