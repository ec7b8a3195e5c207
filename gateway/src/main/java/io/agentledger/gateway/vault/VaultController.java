package io.agentledger.gateway.vault;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.vault.VaultCommand.ArchiveVault;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.RenameVault;
import io.agentledger.api.vault.VaultId;
import io.agentledger.api.vault.VaultQuery.FindVault;
import io.agentledger.api.vault.VaultQuery.ListVaults;
import io.agentledger.api.vault.VaultView;
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
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for vaults. */
@RestController
@RequestMapping(path = VaultController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "vaults")
class VaultController {
  static final String PATH = "/api/v1/vaults";

  private final MessageGateway messageGateway;

  VaultController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createVault", summary = "Create a vault")
  Mono<ResponseEntity<VaultView>> create(
      @Valid @RequestBody VaultRequest request, IdempotencyKey key, RequestContext context) {
    var command =
        new CreateVault(VaultId.next(), context.caller().user(), request.name(), key.with(request));
    return messageGateway
        .<VaultId>send(context, command)
        .flatMap(id -> find(id, context))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listVaults", summary = "List vaults, newest first")
  Mono<Page<VaultView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListVaults(context.tenant(), includeArchived, page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getVault", summary = "Get a vault")
  Mono<VaultView> find(@PathVariable VaultId id, RequestContext context) {
    return messageGateway.query(context, new FindVault(context.tenant(), id), VaultView.class);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "renameVault", summary = "Rename a vault")
  Mono<VaultView> rename(
      @PathVariable VaultId id, @Valid @RequestBody VaultRequest request, RequestContext context) {
    return messageGateway
        .send(context, new RenameVault(id, request.name()))
        .then(find(id, context));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archiveVault",
      summary = "Archive a vault and destroy its secrets permanently")
  Mono<Void> archive(@PathVariable VaultId id, RequestContext context) {
    return messageGateway.sendAndAwait(
        context, new ArchiveVault(id), new FindVault(context.tenant(), id));
  }
}
