package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.NamedDirectory;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for directories of the host: available ones, and those of a session. */
@RestController
@Tag(name = "sessions")
class DirectoryController {
  private final DirectoryService directories;

  DirectoryController(DirectoryService directories) {
    this.directories = directories;
  }

  @GetMapping(path = "/api/v1/directories", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listAvailableDirectories",
      summary = "List the host directories that sessions may mount, by name")
  Mono<Page<NamedDirectory>> listOffered(RequestContext context) {
    return directories.listOffered(context);
  }

  @GetMapping(
      path = SessionController.PATH + "/{id}/directories",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listDirectories",
      summary = "List the host directories that a session mounts")
  Mono<Page<DirectoryView>> list(@PathVariable SessionId id, RequestContext context) {
    return directories.list(context, id);
  }
}
