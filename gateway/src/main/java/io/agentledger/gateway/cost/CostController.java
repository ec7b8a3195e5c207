package io.agentledger.gateway.cost;

import io.agentledger.api.cost.CostHistogramView;
import io.agentledger.api.cost.CostQuery.CostUnit;
import io.agentledger.api.cost.CostQuery.FindCostHistogram;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for costs. */
@RestController
@RequestMapping(path = "/api/v1/costs", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "costs")
class CostController {
  private final MessageGateway messageGateway;

  CostController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping
  @Operation(
      operationId = "listCosts",
      summary = "List costs by day, user, agent, task, execution, flow, session, run or model")
  Mono<Page<CostView>> list(
      @RequestParam(name = "group_by", required = false) @Nullable GroupBy groupBy,
      CostParams params,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context,
        new ListCosts(
            context.tenant(), groupBy == null ? GroupBy.DAY : groupBy, params.toFilter(), page));
  }

  @GetMapping("/histogram")
  @Operation(
      operationId = "getCostHistogram",
      summary = "Count runs, sessions, executions or flows by their costs")
  Mono<CostHistogramView> histogram(
      @RequestParam(required = false) @Nullable CostUnit unit,
      CostParams params,
      RequestContext context) {
    return messageGateway.query(
        context,
        new FindCostHistogram(
            context.tenant(), unit == null ? CostUnit.RUN : unit, params.toFilter()),
        CostHistogramView.class);
  }
}
