package io.agentledger.gateway.vault;

import io.agentledger.api.shared.Page;
import io.agentledger.api.vault.MasterKeyCommand.RetireMasterKey;
import io.agentledger.api.vault.MasterKeyCommand.RotateMasterKey;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.api.vault.MasterKeyQuery.ListMasterKeys;
import io.agentledger.api.vault.MasterKeyView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for master keys: listing, rotation, removal. */
@RestController
@RequestMapping(path = MasterKeyController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "operations")
class MasterKeyController {
  static final String PATH = "/api/v1/admin/master-keys";

  private final MessageGateway messageGateway;

  MasterKeyController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping
  @Operation(
      operationId = "listMasterKeys",
      summary = "List master keys and the progress of their rotation")
  Mono<Page<MasterKeyView>> list(RequestContext context) {
    return messageGateway
        .queryList(context, new ListMasterKeys(), MasterKeyView.class)
        .map(masterKeys -> new Page<>(masterKeys, null));
  }

  @PostMapping("/rotate")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "rotateMasterKey", summary = "Replace the master key without a restart")
  Mono<RotateMasterKeyResponse> rotate(IdempotencyKey key, RequestContext context) {
    var idempotency = key.withoutBody();
    return messageGateway
        .<MasterKeyId>send(context, new RotateMasterKey(idempotency))
        .map(RotateMasterKeyResponse::new);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "retireMasterKey",
      summary = "Delete an old master key that no longer encrypts anything")
  Mono<Void> retire(@PathVariable MasterKeyId id, RequestContext context) {
    return messageGateway.send(context, new RetireMasterKey(id)).then();
  }
}
