package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.StageEvent;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
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

  @EventHandler
  void on(StageEvent event, TenantId tenant) {
    switch (event) {
      case FlowStarted started ->
          insert(started.flowId(), tenant, Map.of("owner", started.principal().userId().value()));
      case FlowSucceeded _, FlowFailed _, FlowRejected _, FlowCancelled _, FlowTimedOut _ ->
          remove(event.flowId());
      case FlowEvent.ApprovalRequested _,
          FlowEvent.PlanRecorded _,
          FlowEvent.FlowApproved _,
          FlowEvent.PublishingStarted _ -> {}
    }
  }
}
