package io.agentledger.query.permission;

import io.agentledger.projection.permission.DecisionRowRepository;
import io.agentledger.projection.permission.PolicyRowRepository;
import io.agentledger.projection.permission.PolicyVersionRowRepository;
import io.agentledger.projection.permission.ToolGroupRowRepository;
import io.agentledger.projection.session.PendingActionRowRepository;
import io.agentledger.projection.session.ToolCallRowRepository;
import io.agentledger.query.permission.PolicyQueryHandler.PolicyRepositories;
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
  PolicyRepositories policyTables(
      PolicyRowRepository policies,
      PolicyVersionRowRepository versions,
      ToolGroupRowRepository groups) {
    return new PolicyRepositories(policies, versions, groups);
  }

  @Bean
  DecisionQueryHandler permissionQueries(
      DecisionQueryHandler.PermissionRepositories permissionRepositories,
      SessionVisibility sessionVisibility,
      ContentReader contentReader,
      CursorCodec cursorCodec) {
    return new DecisionQueryHandler(
        permissionRepositories, sessionVisibility, contentReader, cursorCodec);
  }

  @Bean
  DecisionQueryHandler.PermissionRepositories permissionTables(
      PendingActionRowRepository actions, DecisionRowRepository decisions) {
    return new DecisionQueryHandler.PermissionRepositories(actions, decisions);
  }

  @Bean
  DryRunQueryHandler dryRuns(
      ToolCallRowRepository calls, ContentReader contentReader, CursorCodec cursorCodec) {
    return new DryRunQueryHandler(calls, contentReader, cursorCodec);
  }

  @Bean
  ToolGroupQueryHandler toolGroupQueries(
      ToolGroupRowRepository groups, ReadModelAccess readModelAccess, CursorCodec cursorCodec) {
    return new ToolGroupQueryHandler(groups, readModelAccess, cursorCodec);
  }

  @Bean
  PolicyQueryHandler policyQueries(
      PolicyRepositories policyRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    return new PolicyQueryHandler(policyRepositories, readModelAccess, cursorCodec);
  }
}
