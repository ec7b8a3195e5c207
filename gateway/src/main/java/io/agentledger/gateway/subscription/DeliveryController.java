package io.agentledger.gateway.subscription;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the deliveries of a subscription. */
@RestController
@RequestMapping(
    path = SubscriptionController.PATH + "/{id}/deliveries",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "subscriptions")
class DeliveryController {
  private final SubscriptionService subscriptions;

  DeliveryController(SubscriptionService subscriptions) {
    this.subscriptions = subscriptions;
  }

  @GetMapping
  @Operation(
      operationId = "listDeliveries",
      summary = "List the deliveries of the last 30 days, newest first")
  Mono<Page<DeliveryView>> list(
      @PathVariable SubscriptionId id,
      @RequestParam(required = false) @Nullable DeliveryStatus status,
      @RequestParam(name = "event_type", required = false) @Nullable DeliveredEventType eventType,
      PageRequest page,
      RequestContext context) {
    return subscriptions.listDeliveries(context, id, new DeliveryFilter(status, eventType), page);
  }

  @GetMapping("/{delivery_id}")
  @Operation(operationId = "getDelivery", summary = "Get a delivery with its attempts")
  Mono<DeliveryView> find(
      @PathVariable SubscriptionId id,
      @PathVariable("delivery_id") DeliveryId deliveryId,
      RequestContext context) {
    return subscriptions.findDelivery(context, id, deliveryId);
  }

  @PostMapping("/{delivery_id}/redeliver")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "redeliverEvent",
      summary = "Send a delivery again, at once and with new retries")
  Mono<DeliveryView> redeliver(
      @PathVariable SubscriptionId id,
      @PathVariable("delivery_id") DeliveryId deliveryId,
      IdempotencyKey key,
      RequestContext context) {
    return subscriptions.redeliver(context, id, deliveryId, key.withoutBody());
  }
}
