package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.IdentityQuery.FindTenant;
import io.agentledger.api.identity.IdentityQuery.ListTenants;
import io.agentledger.api.identity.TenantCommand;
import io.agentledger.api.identity.TenantCommand.FoundTenant;
import io.agentledger.api.identity.TenantCommand.RenameTenant;
import io.agentledger.api.identity.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.TenantView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tenants: all of them for operators, one's own for everybody. */
@RestController
@RequestMapping(path = TenantController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "tenants")
class TenantController {
  static final String PATH = "/api/v1/tenants";
  private static final String LONG = "must be at most 1024 characters";

  private final Bus bus;
  private final Idempotencies idempotencies;

  TenantController(Bus bus, Idempotencies idempotencies) {
    this.bus = bus;
    this.idempotencies = idempotencies;
  }

  /** A tenant to found. */
  record NewTenant(
      @NotNull(message = "must be given") @Size(max = 1024, message = LONG) @Plain String name) {}

  /** What shall be different; what is left out stays. Each may be said twice. */
  record TenantChange(
      @Nullable @Size(max = 1024, message = LONG) @Plain String name, @Nullable Boolean suspended) {
    List<TenantCommand> commands(TenantId tenant) {
      var commands = new ArrayList<TenantCommand>();
      if (name != null)
        commands.add(new RenameTenant(tenant, Given.as("/name", name, DisplayName::new), null));
      if (suspended != null)
        commands.add(suspended ? new SuspendTenant(tenant, null) : new ResumeTenant(tenant, null));
      if (commands.isEmpty()) throw Invalid.body("", "must change something");
      return commands;
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "foundTenant", summary = "Founds a tenant; operators only")
  Mono<ResponseEntity<TenantView>> found(
      @Valid @RequestBody NewTenant wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, "POST " + PATH, wish);
    var command =
        new FoundTenant(
            TenantId.next(), Given.as("/name", wish.name(), DisplayName::new), idempotency);
    return bus.<TenantId>send(visit, command)
        .flatMap(id -> find(id, visit))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listTenants", summary = "Tenants, newest first; operators only")
  Mono<Page<TenantView>> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(visit, new ListTenants(Limits.page(limit, cursor)));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTenant", summary = "One tenant; one's own, or any for operators")
  Mono<TenantView> find(@PathVariable TenantId id, Visit visit) {
    return bus.ask(visit, new FindTenant(id), TenantView.class);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeTenant", summary = "Renames, suspends or resumes a tenant")
  Mono<TenantView> change(
      @PathVariable TenantId id, @Valid @RequestBody TenantChange change, Visit visit) {
    return Flux.fromIterable(change.commands(id))
        .concatMap(command -> bus.send(visit, command))
        .then(find(id, visit));
  }
}
