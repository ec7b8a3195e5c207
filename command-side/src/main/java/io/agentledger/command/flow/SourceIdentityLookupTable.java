package io.agentledger.command.flow;

import io.agentledger.api.flow.SourceIdentityEvent;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityRemoved;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the identities at providers that belong to a user, for their number. */
@ProcessingGroup(FlowLookupTable.GROUP)
class SourceIdentityLookupTable extends LookupTable {
  SourceIdentityLookupTable(JdbcClient sql) {
    super(sql, "source_identity_lookup", "source_identity_id");
  }

  @EventHandler
  void on(SourceIdentityEvent event, TenantId tenant) {
    switch (event) {
      case SourceIdentityMapped mapped ->
          insert(mapped.sourceIdentityId(), tenant, Map.of("user_id", mapped.userId().value()));
      case SourceIdentityRemoved removed -> remove(removed.sourceIdentityId());
    }
  }
}
