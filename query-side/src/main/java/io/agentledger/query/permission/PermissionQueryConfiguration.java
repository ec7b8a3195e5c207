package io.agentledger.query.permission;

import io.agentledger.projection.permission.DecisionRows;
import io.agentledger.projection.permission.PolicyRows;
import io.agentledger.projection.permission.PolicyVersionRows;
import io.agentledger.projection.permission.ToolGroupRows;
import io.agentledger.projection.session.Actions;
import io.agentledger.projection.session.ToolCalls;
import io.agentledger.query.permission.PolicyQueries.Tables;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.Reading;
import io.agentledger.query.support.SeenSessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about policies. */
@Configuration(proxyBeanMethods = false)
public class PermissionQueryConfiguration {
  @Bean
  Tables policyTables(PolicyRows policies, PolicyVersionRows versions, ToolGroupRows groups) {
    return new Tables(policies, versions, groups);
  }

  @Bean
  PermissionQueries permissionQueries(
      PermissionQueries.Tables tables, SeenSessions seen, Opened opened, Cursors cursors) {
    return new PermissionQueries(tables, seen, opened, cursors);
  }

  @Bean
  PermissionQueries.Tables permissionTables(Actions actions, DecisionRows decisions) {
    return new PermissionQueries.Tables(actions, decisions);
  }

  @Bean
  DryRuns dryRuns(ToolCalls calls, Opened opened, Cursors cursors) {
    return new DryRuns(calls, opened, cursors);
  }

  @Bean
  ToolGroupQueries toolGroupQueries(ToolGroupRows groups, Reading reading, Cursors cursors) {
    return new ToolGroupQueries(groups, reading, cursors);
  }

  @Bean
  PolicyQueries policyQueries(Tables tables, Reading reading, Cursors cursors) {
    return new PolicyQueries(tables, reading, cursors);
  }
}
