package io.agentledger.gateway.hook;

import io.agentledger.api.hook.HookCommand.ArchiveHook;
import io.agentledger.api.hook.HookCommand.ChangeHook;
import io.agentledger.api.hook.HookCommand.CreateHook;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookQuery.FindHook;
import io.agentledger.api.hook.HookQuery.ListHooks;
import io.agentledger.api.hook.HookView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for hooks. */
@RestController
@RequestMapping(path = HookController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "hooks")
class HookController {
  static final String PATH = "/api/v1/hooks";

  private final MessageGateway messageGateway;
  private final ToolNameValidator toolNameValidator;

  HookController(MessageGateway messageGateway, ToolNameValidator toolNameValidator) {
    this.messageGateway = messageGateway;
    this.toolNameValidator = toolNameValidator;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createHook",
      summary = "Create a hook, which applies from the next tool call or process on",
      description =
          "At points about tools, the matcher is a list of exact names (Bash|Write) or an RE2"
              + " expression for the whole name. A name of no tool is a 400 with the most similar"
              + " one.")
  Mono<ResponseEntity<HookView>> create(
      @Valid @RequestBody HookRequest request, IdempotencyKey key, RequestContext context) {
    var command =
        new CreateHook(
            HookId.next(),
            request.toScope(),
            request.name(),
            request.toDefinition(),
            key.with(request));
    return toolNameValidator
        .check(context, request.toolReferences())
        .then(messageGateway.<HookId>send(context, command))
        .flatMap(id -> findHook(id, context))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listHooks", summary = "List hooks, newest first")
  Mono<Page<HookView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListHooks(context.tenant(), includeArchived, page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getHook", summary = "Get a hook")
  Mono<ResponseEntity<HookView>> find(@PathVariable HookId id, RequestContext context) {
    return findHook(id, context).map(ETags::okWithTag);
  }

  private Mono<HookView> findHook(HookId id, RequestContext context) {
    return messageGateway.query(context, new FindHook(context.tenant(), id), HookView.class);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeHook", summary = "Replace the definition of a hook")
  Mono<ResponseEntity<HookView>> change(
      @PathVariable HookId id,
      @Valid @RequestBody HookRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    var command = new ChangeHook(id, request.name(), request.toDefinition(), ifMatch.version());
    return toolNameValidator
        .check(context, request.toolReferences())
        .then(messageGateway.send(context, command))
        .then(find(id, context));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archiveHook",
      summary = "Archive a hook permanently; its executions stay recorded")
  Mono<Void> archive(@PathVariable HookId id, RequestContext context) {
    return messageGateway.sendAndAwait(
        context, new ArchiveHook(id), new FindHook(context.tenant(), id));
  }
}
