package io.agentledger.gateway.identity;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import io.agentledger.api.identity.command.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.IdentityQuery.ListLogins;
import io.agentledger.api.identity.query.IdentityQuery.ListUsers;
import io.agentledger.api.identity.query.LoginView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** REST endpoints for the users of a tenant and their logins. */
@RestController
@RequestMapping(path = UserController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "users")
class UserController {
  static final String PATH = "/api/v1/users";

  private final MessageGateway messageGateway;

  UserController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping
  @Operation(operationId = "listUsers", summary = "List users, newest first")
  Mono<Page<UserView>> list(
      @RequestParam(required = false) @Nullable Role role,
      @RequestParam(required = false) UserView.@Nullable Status status,
      @RequestParam(required = false) @Nullable String text,
      PageRequest page,
      RequestContext context) {
    if (text != null && text.length() > ListUsers.TEXT_LENGTH_MAX)
      throw InvalidRequestException.parameter("text", "must be at most 100 characters");
    return messageGateway.queryPage(
        context, new ListUsers(context.tenant(), role, status, text, page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getUser", summary = "Get a user")
  Mono<UserView> find(@PathVariable UserId id, RequestContext context) {
    return messageGateway.query(context, new FindUser(context.tenant(), id), UserView.class);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeUser",
      summary = "Rename a user, change the role, disable or enable, in this order")
  Mono<UserView> change(
      @PathVariable UserId id,
      @Valid @RequestBody UpdateUserRequest updateUserRequest,
      RequestContext context) {
    return Flux.fromIterable(updateUserRequest.toCommands(id))
        .concatMap(command -> messageGateway.send(context, command))
        .then(find(id, context));
  }

  @GetMapping("/{id}/logins")
  @Operation(operationId = "listLogins", summary = "List the logins of a user, newest first")
  Mono<Page<LoginView>> listLogins(
      @PathVariable UserId id, PageRequest page, RequestContext context) {
    return find(id, context)
        .then(messageGateway.queryPage(context, new ListLogins(context.tenant(), id, page)));
  }

  @DeleteMapping("/{id}/logins")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "endLogins", summary = "End all logins of a user")
  Mono<Void> endLogins(@PathVariable UserId id, RequestContext context) {
    return messageGateway.send(context, new SignOutEverywhere(id));
  }

  @DeleteMapping("/{id}/logins/{login_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "endLogin", summary = "End one login of a user")
  Mono<Void> endLogin(
      @PathVariable UserId id,
      @PathVariable("login_id") CredentialId loginId,
      RequestContext context) {
    return messageGateway.send(context, new EndLogin(loginId));
  }
}
