package io.agentledger.gateway.cost;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
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
      summary = "List costs by day, user, agent, task, session, run or model")
  Mono<Page<CostView>> list(
      @RequestParam(name = "group_by", required = false) @Nullable GroupBy groupBy,
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate from,
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate to,
      @RequestParam(name = "user_id", required = false) @Nullable UserId userId,
      @RequestParam(name = "agent_id", required = false) @Nullable AgentId agentId,
      @RequestParam(name = "session_id", required = false) @Nullable SessionId sessionId,
      @RequestParam(required = false) @Nullable String model,
      PageRequest page,
      RequestContext context) {
    QueryParameters.requireOrder(from, to);
    var costFilter = new CostFilter(from, to, userId, agentId, sessionId, model);
    return messageGateway.queryPage(
        context,
        new ListCosts(context.tenant(), groupBy == null ? GroupBy.DAY : groupBy, costFilter, page));
  }
}
