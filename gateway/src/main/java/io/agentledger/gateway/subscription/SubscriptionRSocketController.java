package io.agentledger.gateway.subscription;

import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.api.subscription.SubscriptionQuery.ListFilter;
import io.agentledger.api.subscription.SubscriptionStatus;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for subscriptions and their deliveries. */
@Controller
class SubscriptionRSocketController {
  private final SubscriptionService subscriptions;
  private final WireJson json;

  SubscriptionRSocketController(SubscriptionService subscriptions, WireJson json) {
    this.subscriptions = subscriptions;
    this.json = json;
  }

  /** Parameters of a list of subscriptions; null is the default. */
  record ListParams(
      @Nullable SubscriptionStatus status,
      @Nullable Boolean mine,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Parameters of a list of deliveries; null is the default. */
  record DeliveryListParams(
      @Nullable DeliveryStatus status,
      @Nullable DeliveredEventType eventType,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Delivery that a request is about. */
  record DeliveryParams(@NotNull(message = "is required") DeliveryId deliveryId) {}

  /** Id of a deleted subscription. */
  record DeletedResponse(SubscriptionId id) {}

  @MessageMapping("subscriptions.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(SubscriptionRequest.class);
    return subscriptions.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("subscriptions.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var filter = new ListFilter(params.status(), Boolean.TRUE.equals(params.mine()));
    return subscriptions
        .list(context, filter, Pagination.toPageRequest(params.limit(), params.cursor()))
        .map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.get")
  Mono<byte[]> find(@DestinationVariable SubscriptionId id, RequestContext context) {
    return subscriptions.find(context, id).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(SubscriptionRequest.class);
    return subscriptions.change(context, id, request, version).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable SubscriptionId id, RequestContext context) {
    return subscriptions.delete(context, id).thenReturn(json.toBytes(new DeletedResponse(id)));
  }

  @MessageMapping("subscriptions.{id}.pause")
  Mono<byte[]> pause(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey().withoutBody();
    return subscriptions.pause(context, id, key).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.resume")
  Mono<byte[]> resume(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey().withoutBody();
    return subscriptions.resume(context, id, key).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.rotate-secret")
  Mono<byte[]> rotateSecret(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(RotateSecretRequest.class);
    return subscriptions.rotate(context, id, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.test")
  Mono<byte[]> test(@DestinationVariable SubscriptionId id, RequestContext context) {
    return subscriptions.test(context, id).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.deliveries")
  Mono<byte[]> listDeliveries(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    var params = body.read(DeliveryListParams.class);
    var filter = new DeliveryFilter(params.status(), params.eventType());
    return subscriptions
        .listDeliveries(
            context, id, filter, Pagination.toPageRequest(params.limit(), params.cursor()))
        .map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.delivery")
  Mono<byte[]> findDelivery(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    var params = body.read(DeliveryParams.class);
    return subscriptions.findDelivery(context, id, params.deliveryId()).map(json::toBytes);
  }

  @MessageMapping("subscriptions.{id}.redeliver")
  Mono<byte[]> redeliver(
      @DestinationVariable SubscriptionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var params = body.read(DeliveryParams.class);
    return subscriptions
        .redeliver(context, id, params.deliveryId(), key.with(params))
        .map(json::toBytes);
  }
}
