package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowPlanView;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.gateway.flow.FlowService.FlowFilter;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for flows. */
@RestController
@RequestMapping(path = FlowController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "flows")
class FlowController {
  static final String PATH = "/api/v1/flows";

  private final FlowService flowService;

  FlowController(FlowService flowService) {
    this.flowService = flowService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "startFlow",
      summary = "Start a flow: a plan, its approval, its execution, and what is published of it")
  Mono<ResponseEntity<FlowView>> start(
      @Valid @RequestBody StartFlowRequest request, IdempotencyKey key, RequestContext context) {
    return flowService
        .start(context, request, key.with(request))
        .map(
            view ->
                ResponseEntity.accepted().location(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listFlows", summary = "List your flows, newest first")
  Mono<Page<FlowView>> list(
      @RequestParam(required = false) @Nullable Set<@Nullable FlowStatus> status,
      @RequestParam(name = "task_id", required = false) @Nullable TaskId taskId,
      @RequestParam(name = "trigger_id", required = false) @Nullable TriggerId triggerId,
      @RequestParam(required = false) @Nullable UserId owner,
      PageRequest page,
      RequestContext context) {
    return flowService.list(context, new FlowFilter(status, taskId, triggerId, owner), page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getFlow", summary = "Get a flow with its story in the order of time")
  Mono<FlowView> find(@PathVariable FlowId id, RequestContext context) {
    return flowService.find(context, id);
  }

  @GetMapping("/{id}/plan")
  @Operation(operationId = "getFlowPlan", summary = "Get the plan of a flow")
  Mono<FlowPlanView> findPlan(@PathVariable FlowId id, RequestContext context) {
    return flowService.findPlan(context, id);
  }

  @PostMapping("/{id}/approve")
  @Operation(operationId = "approveFlow", summary = "Approve the plan of a flow")
  Mono<FlowView> approve(
      @PathVariable FlowId id,
      @Valid @RequestBody(required = false) @Nullable DecideFlowRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return decide(id, Decision.APPROVE, request, key, context);
  }

  @PostMapping("/{id}/reject")
  @Operation(operationId = "rejectFlow", summary = "Reject the plan of a flow, which ends it")
  Mono<FlowView> reject(
      @PathVariable FlowId id,
      @Valid @RequestBody(required = false) @Nullable DecideFlowRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return decide(id, Decision.REJECT, request, key, context);
  }

  private Mono<FlowView> decide(
      FlowId id,
      Decision decision,
      @Nullable DecideFlowRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request == null ? Map.of() : request);
    return flowService.decide(context, FlowService.toCommand(id, decision, request, idempotency));
  }

  @PostMapping("/{id}/cancel")
  @Operation(operationId = "cancelFlow", summary = "Cancel a flow and its executions")
  Mono<FlowView> cancel(@PathVariable FlowId id, IdempotencyKey key, RequestContext context) {
    return flowService.cancel(context, id, key.withoutBody());
  }
}
