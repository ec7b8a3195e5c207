package io.agentledger.gateway.session;

import io.agentledger.api.session.KeepingCommand.RenameSession;
import io.agentledger.api.session.KeepingCommand.SetBudget;
import io.agentledger.api.session.KeepingCommand.TagSession;
import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionCommand.SetTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.ToolsChange;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What a session is called, how it is found, what it may spend. All of it may be said twice. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class KeepingController {
  private final Bus bus;
  private final SessionDoor door;

  KeepingController(Bus bus, SessionDoor door) {
    this.bus = bus;
    this.door = door;
  }

  /** What the session may spend in its life; null is any amount. */
  record NewBudget(@Nullable Money budgetUsd) {}

  @PutMapping(path = "/title", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "renameSession", summary = "Gives a session another title, or none")
  Mono<SessionView> rename(
      @PathVariable SessionId id, @Valid @RequestBody NewTitle body, Visit visit) {
    return then(visit, new RenameSession(id, body.title()));
  }

  @PutMapping(path = "/tags", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "tagSession", summary = "Gives a session these tags and no others")
  Mono<SessionView> tag(@PathVariable SessionId id, @Valid @RequestBody NewTags body, Visit visit) {
    return then(visit, new TagSession(id, body.tags()));
  }

  @PutMapping(path = "/budget", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "setBudget", summary = "What the session may spend in its whole life")
  Mono<SessionView> set(@PathVariable SessionId id, @RequestBody NewBudget body, Visit visit) {
    return then(visit, new SetBudget(id, Opening.budget(body.budgetUsd())));
  }

  @PutMapping(path = "/tools", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "setTools",
      summary = "Gives a session these MCP servers and client tools, from its next query on")
  Mono<ToolsChange> set(
      @PathVariable SessionId id, @Valid @RequestBody NewTools body, Visit visit) {
    return bus.send(visit, new SetTools(id, body.toTools()));
  }

  private Mono<SessionView> then(Visit visit, SessionCommand command) {
    return bus.send(visit, command).then(door.find(visit, command.sessionId()));
  }
}
