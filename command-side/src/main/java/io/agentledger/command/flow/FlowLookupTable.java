package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.StageEvent;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the flows that have not ended, for their number. */
@ProcessingGroup(FlowLookupTable.GROUP)
class FlowLookupTable extends LookupTable {
  static final String GROUP = "flow-lookup";

  FlowLookupTable(JdbcClient sql) {
    super(sql, "flow_lookup", "flow_id");
  }

  /** Returns the number of flows of a tenant that have not ended. */
  int countOpen(TenantId tenant) {
    return countOf(tenant);
  }

  /** Returns the number of flows of a trigger that have not ended. */
  int countOpenOf(TenantId tenant, FlowOrigin.Trigger trigger) {
    return sql.sql("select count(*) from flow_lookup where tenant = ? and trigger_id = ?")
        .params(tenant.value(), trigger.triggerId())
        .query(Integer.class)
        .single();
  }

  /** Returns the number of flows with a concurrency key that have not ended. */
  int countOpenWith(TenantId tenant, String concurrencyKey) {
    return sql.sql("select count(*) from flow_lookup where tenant = ? and concurrency_key = ?")
        .params(tenant.value(), concurrencyKey)
        .query(Integer.class)
        .single();
  }

  /** Returns a flow with a concurrency key that has not ended. */
  Optional<FlowId> findOpenWith(TenantId tenant, String concurrencyKey) {
    return sql.sql(
            """
            select flow_id from flow_lookup where tenant = ? and concurrency_key = ?
            order by flow_id limit 1""")
        .params(tenant.value(), concurrencyKey)
        .query(String.class)
        .optional()
        .map(FlowId::new);
  }

  @EventHandler
  void on(StageEvent event, TenantId tenant) {
    switch (event) {
      case FlowStarted started -> insert(started.flowId(), tenant, columnsOf(started));
      case FlowSucceeded _, FlowFailed _, FlowRejected _, FlowCancelled _, FlowTimedOut _ ->
          remove(event.flowId());
      case FlowEvent.ApprovalRequested _,
          FlowEvent.PlanRecorded _,
          FlowEvent.FlowApproved _,
          FlowEvent.PublishingStarted _ -> {}
    }
  }

  private static Map<String, String> columnsOf(FlowStarted started) {
    var trigger = started.origin() instanceof FlowOrigin.Trigger known ? known : null;
    return Map.of(
        "owner", started.principal().userId().value(),
        "trigger_id", trigger == null ? "" : trigger.triggerId(),
        "concurrency_key", trigger == null ? "" : trigger.concurrencyKey());
  }
}
