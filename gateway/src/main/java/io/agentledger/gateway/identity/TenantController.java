package io.agentledger.gateway.identity;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.query.IdentityQuery.FindTenant;
import io.agentledger.api.identity.query.IdentityQuery.ListTenants;
import io.agentledger.api.identity.query.TenantView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** REST endpoints for tenants: all tenants for operators, the own one for other users. */
@RestController
@RequestMapping(path = TenantController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "tenants")
class TenantController {
  static final String PATH = "/api/v1/tenants";
  static final String TOO_LONG = "must be at most 1024 characters";

  private final MessageGateway messageGateway;

  TenantController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createTenant", summary = "Create a tenant; operators only")
  Mono<ResponseEntity<TenantView>> create(
      @Valid @RequestBody CreateTenantRequest request, IdempotencyKey key, RequestContext context) {
    var idempotency = key.with(request);
    var command =
        new CreateTenant(
            TenantId.next(),
            FieldParser.parse("/name", request.name(), DisplayName::new),
            idempotency);
    return messageGateway
        .<TenantId>send(context, command)
        .flatMap(id -> find(id, context))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listTenants", summary = "List tenants, newest first; operators only")
  Mono<Page<TenantView>> list(PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListTenants(page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTenant", summary = "Get a tenant: your own, or any for operators")
  Mono<TenantView> find(@PathVariable TenantId id, RequestContext context) {
    return messageGateway.query(context, new FindTenant(id), TenantView.class);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeTenant", summary = "Rename, suspend or resume a tenant")
  Mono<TenantView> change(
      @PathVariable TenantId id,
      @Valid @RequestBody UpdateTenantRequest updateTenantRequest,
      RequestContext context) {
    return Flux.fromIterable(updateTenantRequest.toCommands(id))
        .concatMap(command -> messageGateway.send(context, command))
        .then(find(id, context));
  }
}
