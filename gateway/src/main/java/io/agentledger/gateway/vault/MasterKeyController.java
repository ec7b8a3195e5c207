package io.agentledger.gateway.vault;

import io.agentledger.api.shared.Page;
import io.agentledger.api.vault.MasterKeyCommand.RetireMasterKey;
import io.agentledger.api.vault.MasterKeyCommand.RotateMasterKey;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.api.vault.MasterKeyQuery.ListMasterKeys;
import io.agentledger.api.vault.MasterKeyView;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Master keys: which there are, putting another one in place, forgetting an old one. */
@RestController
@RequestMapping(path = MasterKeyController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "operations")
class MasterKeyController {
  static final String PATH = "/api/v1/master-keys";

  private final Bus bus;
  private final Idempotencies idempotencies;

  MasterKeyController(Bus bus, Idempotencies idempotencies) {
    this.bus = bus;
    this.idempotencies = idempotencies;
  }

  /** The key that shall wrap from now on. */
  record Rotation(MasterKeyId id) {}

  @GetMapping
  @Operation(operationId = "listMasterKeys", summary = "Master keys, and how far a rotation is")
  Mono<Page<MasterKeyView>> list(Visit visit) {
    return bus.askAll(visit, new ListMasterKeys(), MasterKeyView.class)
        .map(all -> new Page<>(all, null));
  }

  @PostMapping("/rotate")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "rotateMasterKey",
      summary = "Puts another master key in place while the service runs")
  Mono<Rotation> rotate(
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, "POST " + PATH + "/rotate");
    return bus.<MasterKeyId>send(visit, new RotateMasterKey(idempotency)).map(Rotation::new);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "retireMasterKey",
      summary = "Forgets an old master key that nothing is under any more")
  Mono<Void> retire(@PathVariable MasterKeyId id, Visit visit) {
    return bus.send(visit, new RetireMasterKey(id)).then();
  }
}
