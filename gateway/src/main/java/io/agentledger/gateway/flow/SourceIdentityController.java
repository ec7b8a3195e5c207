package io.agentledger.gateway.flow;

import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceIdentityView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
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
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for identities at providers. */
@RestController
@RequestMapping(path = SourceIdentityController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "flows")
class SourceIdentityController {
  static final String PATH = "/api/v1/source-identities";

  private final SourceIdentityService identities;

  SourceIdentityController(SourceIdentityService identities) {
    this.identities = identities;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "mapSourceIdentity",
      summary = "Map an account at a provider to a user, whose decisions its comments then are")
  Mono<ResponseEntity<SourceIdentityView>> map(
      @Valid @RequestBody MapSourceIdentityRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return identities
        .map(context, request, key.with(request))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(
      operationId = "listSourceIdentities",
      summary = "List identities at providers that belong to users")
  Mono<Page<SourceIdentityView>> list(PageRequest page, RequestContext context) {
    return identities.list(context, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getSourceIdentity", summary = "Get an identity at a provider")
  Mono<SourceIdentityView> find(@PathVariable SourceIdentityId id, RequestContext context) {
    return identities.find(context, id);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "removeSourceIdentity",
      summary = "Remove the mapping of an identity; its comments are only text from then on")
  Mono<Void> remove(@PathVariable SourceIdentityId id, RequestContext context) {
    return identities.remove(context, id);
  }
}
