package io.agentledger.gateway.cost;

import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server for costs. */
@Component
class CostPlatformTools implements PlatformToolProvider {
  private final MessageGateway messageGateway;

  CostPlatformTools(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  record GetCostsArguments(
      @ToolArgument("Subject of each item; day if omitted") @Nullable GroupBy groupBy,
      @ToolArgument("First day, UTC, such as 2026-11-20") @Nullable String from,
      @ToolArgument("Last day, UTC") @Nullable String to,
      @ToolArgument("Only costs of this session") @Nullable SessionId sessionId,
      @ToolArgument("Number of items, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "get_costs",
            "Get costs",
            "Returns tokens and costs by day, user, agent, task, execution, flow, session, run or"
                + " model: your own, or the tenant's if you may see every session.",
            Effect.READ,
            ListCosts.class,
            GetCostsArguments.class,
            this::list));
  }

  private Mono<Page<CostView>> list(RequestContext context, GetCostsArguments arguments) {
    var from = parseDay("/from", arguments.from());
    var to = parseDay("/to", arguments.to());
    QueryParameters.requireOrder(from, to);
    var groupBy = arguments.groupBy();
    return messageGateway.queryPage(
        context,
        new ListCosts(
            context.tenant(),
            groupBy == null ? GroupBy.DAY : groupBy,
            CostFilter.ALL.withDays(from, to).withSession(arguments.sessionId()),
            PlatformTool.toPage(arguments.limit(), arguments.cursor())));
  }

  private static @Nullable LocalDate parseDay(String pointer, @Nullable String text) {
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeException exception) {
      throw InvalidRequestException.body(pointer, "must be a day such as 2026-11-20");
    }
  }
}
