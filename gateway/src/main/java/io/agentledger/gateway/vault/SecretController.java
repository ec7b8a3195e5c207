package io.agentledger.gateway.vault;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.vault.SecretView;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultCommand.RemoveSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.api.vault.VaultQuery.FindSecret;
import io.agentledger.api.vault.VaultQuery.ListSecrets;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the secrets of a vault. Values are never returned. */
@RestController
@RequestMapping(
    path = VaultController.PATH + "/{id}/secrets",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "vaults")
class SecretController {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final MessageGateway messageGateway;

  SecretController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping
  @Operation(
      operationId = "listSecrets",
      summary = "List the secrets of a vault by name, without values")
  Mono<Page<SecretView>> list(@PathVariable VaultId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListSecrets(context.tenant(), id, page));
  }

  @GetMapping("/{name}")
  @Operation(operationId = "getSecret", summary = "Get a secret, without its value")
  Mono<SecretView> find(
      @PathVariable VaultId id, @PathVariable String name, RequestContext context) {
    return messageGateway.query(
        context, new FindSecret(context.tenant(), id, name), SecretView.class);
  }

  @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "putSecret", summary = "Create a secret or replace its value")
  Mono<SecretView> put(
      @PathVariable VaultId id,
      @PathVariable String name,
      @Valid @RequestBody SecretRequest secretRequest,
      RequestContext context) {
    if (!NAME.matcher(name).matches())
      throw InvalidRequestException.parameter(
          "name", "must be 1 to 64 characters of A-Z a-z 0-9 . _ - and begin with none of . _ -");
    return messageGateway
        .send(context, new PutSecret(id, name, secretRequest.toValue()))
        .then(find(id, name, context));
  }

  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "removeSecret", summary = "Destroy a secret permanently")
  Mono<Void> remove(@PathVariable VaultId id, @PathVariable String name, RequestContext context) {
    return messageGateway.send(context, new RemoveSecret(id, name)).then();
  }
}
