package io.agentledger.query.permission;

import io.agentledger.projection.permission.DecisionRowRepository;
import io.agentledger.projection.permission.PolicyRowRepository;
import io.agentledger.projection.permission.PolicyVersionRowRepository;
import io.agentledger.projection.permission.ToolGroupRowRepository;
import io.agentledger.projection.session.PendingActionRowRepository;
import io.agentledger.projection.session.ToolCallRowRepository;
import io.agentledger.query.permission.PolicyQueryHandler.Tables;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.support.SessionVisibility;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about policies. */
@Configuration(proxyBeanMethods = false)
public class PermissionQueryConfiguration {
  @Bean
  Tables policyTables(
      PolicyRowRepository policies,
      PolicyVersionRowRepository versions,
      ToolGroupRowRepository groups) {
    return new Tables(policies, versions, groups);
  }

  @Bean
  DecisionQueryHandler permissionQueries(
      DecisionQueryHandler.Tables tables,
      SessionVisibility seen,
      ContentReader opened,
      CursorCodec cursors) {
    return new DecisionQueryHandler(tables, seen, opened, cursors);
  }

  @Bean
  DecisionQueryHandler.Tables permissionTables(
      PendingActionRowRepository actions, DecisionRowRepository decisions) {
    return new DecisionQueryHandler.Tables(actions, decisions);
  }

  @Bean
  DryRunQueryHandler dryRuns(
      ToolCallRowRepository calls, ContentReader opened, CursorCodec cursors) {
    return new DryRunQueryHandler(calls, opened, cursors);
  }

  @Bean
  ToolGroupQueryHandler toolGroupQueries(
      ToolGroupRowRepository groups, ReadModelAccess reading, CursorCodec cursors) {
    return new ToolGroupQueryHandler(groups, reading, cursors);
  }

  @Bean
  PolicyQueryHandler policyQueries(Tables tables, ReadModelAccess reading, CursorCodec cursors) {
    return new PolicyQueryHandler(tables, reading, cursors);
  }
}
