package io.agentledger.gateway.subscription;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.subscription.DeliveryTestView;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.ListFilter;
import io.agentledger.api.subscription.SubscriptionStatus;
import io.agentledger.api.subscription.SubscriptionView;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for subscriptions. */
@RestController
@RequestMapping(path = SubscriptionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "subscriptions")
class SubscriptionController {
  static final String PATH = "/api/v1/subscriptions";

  private final SubscriptionService subscriptions;

  SubscriptionController(SubscriptionService subscriptions) {
    this.subscriptions = subscriptions;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createSubscription",
      summary = "Subscribe a URL to events from now on; the response shows the secret once")
  Mono<ResponseEntity<SubscriptionView>> create(
      @Valid @RequestBody SubscriptionRequest request, IdempotencyKey key, RequestContext context) {
    return subscriptions
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listSubscriptions", summary = "List subscriptions, newest first")
  Mono<Page<SubscriptionView>> list(
      @RequestParam(required = false) @Nullable SubscriptionStatus status,
      @RequestParam(required = false) boolean mine,
      PageRequest page,
      RequestContext context) {
    return subscriptions.list(context, new ListFilter(status, mine), page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getSubscription", summary = "Get a subscription")
  Mono<ResponseEntity<SubscriptionView>> find(
      @PathVariable SubscriptionId id, RequestContext context) {
    return subscriptions.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeSubscription",
      summary = "Replace the definition of a subscription; its secret stays")
  Mono<ResponseEntity<SubscriptionView>> change(
      @PathVariable SubscriptionId id,
      @Valid @RequestBody SubscriptionRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return subscriptions.change(context, id, request, ifMatch.version()).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteSubscription",
      summary = "Delete a subscription, its pending deliveries and its log")
  Mono<Void> delete(@PathVariable SubscriptionId id, RequestContext context) {
    return subscriptions.delete(context, id);
  }

  @PostMapping("/{id}/pause")
  @Operation(
      operationId = "pauseSubscription",
      summary = "Pause a subscription: events are not collected, pending deliveries wait")
  Mono<ResponseEntity<SubscriptionView>> pause(
      @PathVariable SubscriptionId id, IdempotencyKey key, RequestContext context) {
    return subscriptions.pause(context, id, key.withoutBody()).map(ETags::okWithTag);
  }

  @PostMapping("/{id}/resume")
  @Operation(
      operationId = "resumeSubscription",
      summary = "Resume a subscription that is paused or disabled")
  Mono<ResponseEntity<SubscriptionView>> resume(
      @PathVariable SubscriptionId id, IdempotencyKey key, RequestContext context) {
    return subscriptions.resume(context, id, key.withoutBody()).map(ETags::okWithTag);
  }

  @PostMapping("/{id}/rotate-secret")
  @Operation(
      operationId = "rotateSigningSecret",
      summary = "Replace the signing secret; the response shows the new one once")
  Mono<ResponseEntity<SubscriptionView>> rotateSecret(
      @PathVariable SubscriptionId id,
      @Valid @RequestBody(required = false) @Nullable RotateSecretRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var rotation = request == null ? new RotateSecretRequest(null, null) : request;
    return subscriptions.rotate(context, id, rotation, key.with(rotation)).map(ETags::okWithTag);
  }

  @PostMapping("/{id}/test")
  @Operation(
      operationId = "testSubscription",
      summary = "Send a sample event now and return the outcome")
  Mono<DeliveryTestView> test(@PathVariable SubscriptionId id, RequestContext context) {
    return subscriptions.test(context, id);
  }
}
