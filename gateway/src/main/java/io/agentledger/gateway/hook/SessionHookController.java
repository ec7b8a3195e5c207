package io.agentledger.gateway.hook;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.AttachHook;
import io.agentledger.api.session.command.SessionLifecycleCommand.DetachHook;
import io.agentledger.api.session.query.SessionHookView;
import io.agentledger.api.session.query.SessionQuery.ListSessionHooks;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the hooks of one session, which its owner attaches. */
@RestController
@RequestMapping(path = "/api/v1/sessions/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "hooks")
class SessionHookController {
  private final MessageGateway messageGateway;
  private final ToolNameValidator toolNameValidator;

  SessionHookController(MessageGateway messageGateway, ToolNameValidator toolNameValidator) {
    this.messageGateway = messageGateway;
    this.toolNameValidator = toolNameValidator;
  }

  @PostMapping(path = "/hooks", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "attachHook",
      summary = "Attach a hook to an own session",
      description =
          "For the session's owner and admins. The hook ends with the session or its transfer, and"
              + " weakens no policy and no hook of an admin.")
  Mono<SessionHookView> attach(
      @PathVariable SessionId id,
      @Valid @RequestBody SessionHookRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var hook = request.toHook("");
    return toolNameValidator
        .check(context, request.toolReferences(""))
        .then(messageGateway.<HookId>send(context, new AttachHook(id, hook, key.with(request))))
        .map(attached -> SessionHookView.from(hook.withId(attached)));
  }

  @GetMapping("/hooks")
  @Operation(
      operationId = "listSessionHooks",
      summary = "List the hooks that are attached to a session, by name")
  Mono<Page<SessionHookView>> list(@PathVariable SessionId id, RequestContext context) {
    return messageGateway
        .queryList(context, new ListSessionHooks(context.tenant(), id), SessionHookView.class)
        .map(hooks -> new Page<>(hooks, null));
  }

  @DeleteMapping("/hooks/{hook_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "detachHook",
      summary = "Detach a hook from a session; its executions stay recorded")
  Mono<Void> detach(
      @PathVariable SessionId id, @PathVariable("hook_id") HookId hookId, RequestContext context) {
    return messageGateway.send(context, new DetachHook(id, hookId)).then();
  }
}
