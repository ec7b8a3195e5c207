package io.agentledger.gateway.trigger;

import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.trigger.TriggerService.DeliveryFilter;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for triggers. Data is JSON in both directions, with the fields of REST. */
@Controller
class TriggerRSocketController {
  private final TriggerService triggerService;
  private final WireJson json;

  TriggerRSocketController(TriggerService triggerService, WireJson json) {
    this.triggerService = triggerService;
    this.json = json;
  }

  /** Parameters of a list of triggers; null is the default. */
  record ListParams(
      @Nullable String provider,
      @Nullable TaskId taskId,
      @Nullable Boolean paused,
      @Nullable String text,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Parameters of a list of deliveries; null is the default. */
  record DeliveryListParams(
      @Nullable Set<@Nullable DeliveryStatus> status,
      @Nullable String eventType,
      @Nullable String from,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Id of an archived trigger. */
  record ArchivedResponse(TriggerId id) {}

  @MessageMapping("triggers.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(TriggerRequest.class);
    return triggerService.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("triggers.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var filter =
        new TriggerFilter(
            params.provider(),
            params.taskId(),
            params.paused(),
            params.text(),
            Boolean.TRUE.equals(params.includeArchived()));
    return triggerService.list(context, filter, page).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.get")
  Mono<byte[]> find(@DestinationVariable TriggerId id, RequestContext context) {
    return triggerService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.change")
  Mono<byte[]> change(@DestinationVariable TriggerId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(TriggerRequest.class);
    return triggerService.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable TriggerId id, RequestContext context) {
    return triggerService.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("triggers.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable TriggerId id, RSocketBody body, RequestContext context) {
    return triggerService.listVersions(context, id, body.readPage()).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.pause")
  Mono<byte[]> pause(@DestinationVariable TriggerId id, RequestContext context) {
    return triggerService.pause(context, id, null).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.resume")
  Mono<byte[]> resume(@DestinationVariable TriggerId id, RequestContext context) {
    return triggerService.resume(context, id, null).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.test")
  Mono<byte[]> test(@DestinationVariable TriggerId id, RSocketBody body, RequestContext context) {
    var request = body.read(TestTriggerRequest.class);
    return triggerService.test(context, id, request).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.deliveries")
  Mono<byte[]> listDeliveries(
      @DestinationVariable TriggerId id, RSocketBody body, RequestContext context) {
    var params = body.read(DeliveryListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    var filter =
        new DeliveryFilter(
            params.status(),
            params.eventType(),
            QueryParameters.parseInstant("from", params.from()));
    return triggerService.listDeliveries(context, id, filter, page).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.deliveries.{delivery}.get")
  Mono<byte[]> findDelivery(
      @DestinationVariable TriggerId id,
      @DestinationVariable InboundDeliveryId delivery,
      RequestContext context) {
    return triggerService.findDelivery(context, id, delivery).map(json::toBytes);
  }

  @MessageMapping("triggers.{id}.deliveries.{delivery}.redeliver")
  Mono<byte[]> redeliver(
      @DestinationVariable TriggerId id,
      @DestinationVariable InboundDeliveryId delivery,
      RSocketBody body,
      RequestContext context) {
    var key = body.takeIdempotencyKey();
    return triggerService.redeliver(context, id, delivery, key.withoutBody()).map(json::toBytes);
  }
}
