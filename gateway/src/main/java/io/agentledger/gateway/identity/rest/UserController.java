package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.IdentityQuery.FindUser;
import io.agentledger.api.identity.IdentityQuery.ListLogins;
import io.agentledger.api.identity.IdentityQuery.ListUsers;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.LoginCommand.EndLogin;
import io.agentledger.api.identity.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.LoginView;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserCommand;
import io.agentledger.api.identity.UserCommand.ChangeRole;
import io.agentledger.api.identity.UserCommand.DisableUser;
import io.agentledger.api.identity.UserCommand.EnableUser;
import io.agentledger.api.identity.UserCommand.RenameUser;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.UserView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
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

/** People of the tenant, and where they are signed in. */
@RestController
@RequestMapping(path = UserController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "people")
class UserController {
  static final String PATH = "/api/v1/users";

  private final Bus bus;

  UserController(Bus bus) {
    this.bus = bus;
  }

  /** What shall be different; what is left out stays. Each may be said twice. */
  record UserChange(
      @Nullable @Size(max = 1024, message = "must be at most 1024 characters") @Plain String name,
      @Nullable Role role,
      @Nullable Boolean disabled) {
    List<UserCommand> commands(UserId user) {
      var commands = new ArrayList<UserCommand>();
      if (name != null)
        commands.add(new RenameUser(user, Given.as("/name", name, DisplayName::new), null));
      if (role != null) commands.add(new ChangeRole(user, role, null));
      if (disabled != null)
        commands.add(disabled ? new DisableUser(user, null) : new EnableUser(user, null));
      if (commands.isEmpty()) throw Invalid.body("", "must change something");
      return commands;
    }

    @Override
    public String toString() {
      return "UserChange";
    }
  }

  @GetMapping
  @Operation(operationId = "listUsers", summary = "People, newest first")
  Mono<Page<UserView>> list(
      @RequestParam(required = false) @Nullable Role role,
      @RequestParam(required = false) UserView.@Nullable Status status,
      @RequestParam(required = false) @Nullable String text,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    if (text != null && text.length() > ListUsers.TEXT_LENGTH_MAX)
      throw Invalid.parameter("text", "must be at most 100 characters");
    var page = Limits.page(limit, cursor);
    return bus.askPage(visit, new ListUsers(visit.tenant(), role, status, text, page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getUser", summary = "One person")
  Mono<UserView> find(@PathVariable UserId id, Visit visit) {
    return bus.ask(visit, new FindUser(visit.tenant(), id), UserView.class);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeUser",
      summary = "Renames, gives another role, disables or enables, in this order")
  Mono<UserView> change(
      @PathVariable UserId id, @Valid @RequestBody UserChange change, Visit visit) {
    return Flux.fromIterable(change.commands(id))
        .concatMap(command -> bus.send(visit, command))
        .then(find(id, visit));
  }

  @GetMapping("/{id}/logins")
  @Operation(operationId = "listLogins", summary = "Where somebody is signed in, newest first")
  Mono<Page<LoginView>> logins(
      @PathVariable UserId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return find(id, visit)
        .then(bus.askPage(visit, new ListLogins(visit.tenant(), id, Limits.page(limit, cursor))));
  }

  @DeleteMapping("/{id}/logins")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "endLogins", summary = "Signs somebody out everywhere")
  Mono<Void> endLogins(@PathVariable UserId id, Visit visit) {
    return bus.send(visit, new SignOutEverywhere(id));
  }

  @DeleteMapping("/{id}/logins/{login}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "endLogin", summary = "Signs somebody out in one place")
  Mono<Void> endLogin(@PathVariable UserId id, @PathVariable KeyId login, Visit visit) {
    return bus.send(visit, new EndLogin(login));
  }
}
