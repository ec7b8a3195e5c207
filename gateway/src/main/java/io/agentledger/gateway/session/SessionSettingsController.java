package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SessionLifecycleCommand.RenameSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.command.SetToolsResult;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for the settings of a session: title, tags and budget. All of them are idempotent.
 */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class SessionSettingsController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;

  SessionSettingsController(MessageGateway messageGateway, SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
  }

  @PutMapping(path = "/title", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "renameSession", summary = "Set or remove the title of a session")
  Mono<SessionView> rename(
      @PathVariable SessionId id,
      @Valid @RequestBody UpdateTitleRequest body,
      RequestContext context) {
    return sendAndGet(context, new RenameSession(id, body.title()));
  }

  @PutMapping(path = "/tags", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "tagSession", summary = "Replace the tags of a session")
  Mono<SessionView> tag(
      @PathVariable SessionId id,
      @Valid @RequestBody UpdateTagsRequest body,
      RequestContext context) {
    return sendAndGet(context, new TagSession(id, body.toTags()));
  }

  @PutMapping(path = "/budget", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "setBudget", summary = "Set the budget of a session for its lifetime")
  Mono<SessionView> setBudget(
      @PathVariable SessionId id, @RequestBody UpdateBudgetRequest body, RequestContext context) {
    return sendAndGet(context, new SetBudget(id, SessionSpecFields.toBudget(body.budgetUsd())));
  }

  @PutMapping(path = "/tools", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "setTools",
      summary = "Replace the MCP servers and client tools of a session, from its next query on")
  Mono<SetToolsResult> setTools(
      @PathVariable SessionId id,
      @Valid @RequestBody UpdateToolsRequest body,
      RequestContext context) {
    return messageGateway.send(context, new SetTools(id, body.toTools()));
  }

  private Mono<SessionView> sendAndGet(RequestContext context, SessionCommand command) {
    return messageGateway
        .send(context, command)
        .then(sessionService.find(context, command.sessionId()));
  }
}
