package io.agentledger.gateway.identity.rest;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.IdentityQuery.FindKey;
import io.agentledger.api.identity.IdentityQuery.ListKeys;
import io.agentledger.api.identity.IssuedKey;
import io.agentledger.api.identity.KeyCommand;
import io.agentledger.api.identity.KeyCommand.IssueAgentToken;
import io.agentledger.api.identity.KeyCommand.IssueApiKey;
import io.agentledger.api.identity.KeyCommand.RevokeKey;
import io.agentledger.api.identity.KeyCommand.RotateKey;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.KeyView;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Keys of people and tokens of agents. The secret is in the first answer only. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "keys")
class KeyController {
  static final String PATH = "/api/v1/keys";
  private static final long OVERLAP_SECONDS_MAX = 7 * 24 * 3600;

  private final Bus bus;
  private final Idempotencies idempotencies;

  KeyController(Bus bus, Idempotencies idempotencies) {
    this.bus = bus;
    this.idempotencies = idempotencies;
  }

  /**
   * A key to issue.
   *
   * @param scopes what it may do; all that one may oneself if left out
   * @param expiresAt never if left out
   */
  record NewKey(
      @NotNull(message = "must be given")
          @Size(max = 1024, message = "must be at most 1024 characters")
          @Plain
          String name,
      @Nullable @Size(max = 32, message = "must be at most 32 scopes") Set<Scope> scopes,
      @Nullable Instant expiresAt) {
    DisplayName displayName() {
      return Given.as("/name", name, DisplayName::new);
    }

    Set<Scope> scopesOrAll() {
      return scopes == null ? Set.of() : scopes;
    }
  }

  /**
   * How a key is rotated.
   *
   * @param overlapSeconds how long the old secret still counts
   */
  record Rotation(
      @Nullable @Range(min = 0, max = OVERLAP_SECONDS_MAX, message = "must be 0 to 604800")
          Long overlapSeconds) {}

  @PostMapping(path = "/keys", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "issueKey", summary = "Issues a key; answers with the secret, once")
  Mono<ResponseEntity<IssuedKey>> issue(
      @Valid @RequestBody NewKey wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    return issued(
        visit,
        new IssueApiKey(
            KeyId.next(),
            wish.displayName(),
            wish.scopesOrAll(),
            wish.expiresAt(),
            idempotencies.of(key, "POST " + PATH, wish)));
  }

  @PostMapping(path = "/agents/{agent}/tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "issueAgentToken",
      summary = "Issues a token with which an agent acts; answers with the secret, once")
  Mono<ResponseEntity<IssuedKey>> issueAgentToken(
      @PathVariable AgentId agent,
      @Valid @RequestBody NewKey wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var route = "POST /api/v1/agents/" + agent + "/tokens";
    return issued(
        visit,
        new IssueAgentToken(
            KeyId.next(),
            agent,
            wish.displayName(),
            wish.scopesOrAll(),
            wish.expiresAt(),
            idempotencies.of(key, route, wish)));
  }

  @PostMapping("/keys/{id}/rotate")
  @Operation(operationId = "rotateKey", summary = "Gives a key another secret, shown once")
  Mono<ResponseEntity<IssuedKey>> rotate(
      @PathVariable KeyId id,
      @Valid @RequestBody(required = false) @Nullable Rotation wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var rotation = wish == null ? new Rotation(null) : wish;
    var overlap = rotation.overlapSeconds();
    var route = "POST " + PATH + "/" + id + "/rotate";
    return issued(
        visit,
        new RotateKey(
            id,
            Duration.ofSeconds(overlap == null ? 0 : overlap),
            idempotencies.of(key, route, rotation)));
  }

  private Mono<ResponseEntity<IssuedKey>> issued(Visit visit, KeyCommand command) {
    return bus.<IssuedKey>send(visit, command)
        .doOnNext(
            issued -> {
              if (issued.secret() == null)
                throw new Rejected(new Rejection.AlreadyIssued("key", issued.keyId().value()));
            })
        .map(
            issued ->
                ResponseEntity.created(URI.create(PATH + "/" + issued.keyId()))
                    .cacheControl(CacheControl.noStore())
                    .body(issued));
  }

  @GetMapping("/keys")
  @Operation(
      operationId = "listKeys",
      summary = "Keys, newest first: one's own, or an owner's; of all with all=true")
  Mono<Page<KeyView>> list(
      @RequestParam(required = false) @Nullable UserId owner,
      @RequestParam(required = false, defaultValue = "false") boolean all,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    var whose = owner != null || all ? owner : visit.caller().user();
    return bus.askPage(visit, new ListKeys(visit.tenant(), whose, Limits.page(limit, cursor)));
  }

  @GetMapping("/keys/{id}")
  @Operation(operationId = "getKey", summary = "One key, without its secret")
  Mono<KeyView> find(@PathVariable KeyId id, Visit visit) {
    return bus.ask(visit, new FindKey(visit.tenant(), id), KeyView.class);
  }

  @DeleteMapping("/keys/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "revokeKey", summary = "Ends a key")
  Mono<Void> revoke(@PathVariable KeyId id, Visit visit) {
    return bus.send(visit, new RevokeKey(id, null));
  }
}
