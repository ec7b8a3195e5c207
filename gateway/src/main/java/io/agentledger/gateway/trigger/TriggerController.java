package io.agentledger.gateway.trigger;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryPreview;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.InboundDeliveryView;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.api.trigger.TriggerVersionView;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.trigger.TriggerService.DeliveryFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Set;
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

/** REST endpoints for triggers and the webhooks that they received. */
@RestController
@RequestMapping(path = TriggerController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "triggers")
class TriggerController {
  static final String PATH = "/api/v1/triggers";

  private final TriggerService triggerService;

  TriggerController(TriggerService triggerService) {
    this.triggerService = triggerService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createTrigger",
      summary = "Create a trigger, which starts a task for webhooks")
  Mono<ResponseEntity<TriggerView>> create(
      @Valid @RequestBody TriggerRequest request, IdempotencyKey key, RequestContext context) {
    return triggerService
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listTriggers", summary = "List your triggers, newest first")
  Mono<Page<TriggerView>> list(
      @RequestParam(required = false) @Nullable String provider,
      @RequestParam(name = "task_id", required = false) @Nullable TaskId taskId,
      @RequestParam(required = false) @Nullable Boolean paused,
      @RequestParam(required = false) @Nullable String text,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    var filter = new TriggerFilter(provider, taskId, paused, text, includeArchived);
    return triggerService.list(context, filter, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTrigger", summary = "Get a trigger")
  Mono<ResponseEntity<TriggerView>> find(@PathVariable TriggerId id, RequestContext context) {
    return triggerService.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeTrigger",
      summary = "Create the next version of a trigger, also for webhooks that wait")
  Mono<ResponseEntity<TriggerView>> change(
      @PathVariable TriggerId id,
      @Valid @RequestBody TriggerRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return triggerService.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "archiveTrigger", summary = "Archive a trigger; its address ends")
  Mono<Void> archive(@PathVariable TriggerId id, RequestContext context) {
    return triggerService.archive(context, id);
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listTriggerVersions",
      summary = "List the versions of a trigger and their authors")
  Mono<Page<TriggerVersionView>> listVersions(
      @PathVariable TriggerId id, PageRequest page, RequestContext context) {
    return triggerService.listVersions(context, id, page);
  }

  @PostMapping("/{id}/pause")
  @Operation(
      operationId = "pauseTrigger",
      summary = "Pause a trigger; its webhooks are kept, and start nothing")
  Mono<TriggerView> pause(@PathVariable TriggerId id, IdempotencyKey key, RequestContext context) {
    return triggerService.pause(context, id, key.withoutBody());
  }

  @PostMapping("/{id}/resume")
  @Operation(operationId = "resumeTrigger", summary = "Continue with the next webhook")
  Mono<TriggerView> resume(@PathVariable TriggerId id, IdempotencyKey key, RequestContext context) {
    return triggerService.resume(context, id, key.withoutBody());
  }

  @PostMapping(path = "/{id}/test", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "testTrigger",
      summary = "Show what a payload would start, without any effect")
  Mono<DeliveryPreview> test(
      @PathVariable TriggerId id,
      @Valid @RequestBody TestTriggerRequest request,
      IdempotencyKey key, // Validated as everywhere; there is no effect to repeat.
      RequestContext context) {
    return triggerService.test(context, id, request);
  }

  @GetMapping("/{id}/deliveries")
  @Operation(
      operationId = "listInboundDeliveries",
      summary = "List the webhooks of the last 30 days, newest first")
  Mono<Page<InboundDeliveryView>> listDeliveries(
      @PathVariable TriggerId id,
      @RequestParam(required = false) @Nullable Set<@Nullable DeliveryStatus> status,
      @RequestParam(name = "event_type", required = false) @Nullable String eventType,
      @RequestParam(required = false) @Nullable String from,
      PageRequest page,
      RequestContext context) {
    var filter = new DeliveryFilter(status, eventType, QueryParameters.parseInstant("from", from));
    return triggerService.listDeliveries(context, id, filter, page);
  }

  @GetMapping("/{id}/deliveries/{delivery_id}")
  @Operation(operationId = "getInboundDelivery", summary = "Get a webhook with its payload")
  Mono<InboundDeliveryView> findDelivery(
      @PathVariable TriggerId id,
      @PathVariable("delivery_id") InboundDeliveryId deliveryId,
      RequestContext context) {
    return triggerService.findDelivery(context, id, deliveryId);
  }

  @PostMapping("/{id}/deliveries/{delivery_id}/redeliver")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "redeliverInboundDelivery",
      summary = "Process a webhook again, with the present version of its trigger")
  Mono<InboundDeliveryView> redeliver(
      @PathVariable TriggerId id,
      @PathVariable("delivery_id") InboundDeliveryId deliveryId,
      IdempotencyKey key,
      RequestContext context) {
    return triggerService.redeliver(context, id, deliveryId, key.withoutBody());
  }
}
