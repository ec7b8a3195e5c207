package io.agentledger.command;

import io.agentledger.command.agent.AgentConfiguration;
import io.agentledger.command.audit.AuditConfiguration;
import io.agentledger.command.channel.ChannelConfiguration;
import io.agentledger.command.channel.agent.ChatAgentConfiguration;
import io.agentledger.command.channel.outbound.OutboundConfiguration;
import io.agentledger.command.chat.ChatConfiguration;
import io.agentledger.command.claude.runner.ClaudeConfiguration;
import io.agentledger.command.claude.runner.PoolConfiguration;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.environment.EnvironmentConfiguration;
import io.agentledger.command.flow.FlowConfiguration;
import io.agentledger.command.flow.provider.ProviderConfiguration;
import io.agentledger.command.flow.repository.RepositoryConfiguration;
import io.agentledger.command.hook.HookConfiguration;
import io.agentledger.command.identity.IdentityConfiguration;
import io.agentledger.command.mcp.McpConfiguration;
import io.agentledger.command.model.ModelConfiguration;
import io.agentledger.command.ops.OpsConfiguration;
import io.agentledger.command.permission.PermissionConfiguration;
import io.agentledger.command.quota.QuotaConfiguration;
import io.agentledger.command.report.ReportConfiguration;
import io.agentledger.command.session.SessionConfiguration;
import io.agentledger.command.subscription.SubscriptionConfiguration;
import io.agentledger.command.support.SnapshotConfiguration;
import io.agentledger.command.support.SupportConfiguration;
import io.agentledger.command.task.TaskConfiguration;
import io.agentledger.command.template.TemplateConfiguration;
import io.agentledger.command.trigger.TriggerConfiguration;
import io.agentledger.command.vault.VaultConfiguration;
import io.agentledger.command.workspace.WorkspaceConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the command side: aggregates, sagas and jobs. */
@AutoConfiguration(
    afterName = "io.agentledger.store.StoreAutoConfiguration",
    beforeName = {
      "org.axonframework.springboot.autoconfig.AxonAutoConfiguration",
      "org.axonframework.springboot.autoconfig.AxonDbSchedulerAutoConfiguration",
      "com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration"
    })
@Import({
  SupportConfiguration.class,
  SnapshotConfiguration.class,
  IdentityConfiguration.class,
  OpsConfiguration.class,
  QuotaConfiguration.class,
  SessionConfiguration.class,
  WorkspaceConfiguration.class,
  VaultConfiguration.class,
  EnvironmentConfiguration.class,
  TemplateConfiguration.class,
  AgentConfiguration.class,
  TaskConfiguration.class,
  TriggerConfiguration.class,
  FlowConfiguration.class,
  ReportConfiguration.class,
  SubscriptionConfiguration.class,
  ChannelConfiguration.class,
  OutboundConfiguration.class,
  ChatAgentConfiguration.class,
  ChatConfiguration.class,
  PermissionConfiguration.class,
  HookConfiguration.class,
  McpConfiguration.class,
  AuditConfiguration.class,
  ProviderConfiguration.class,
  RepositoryConfiguration.class
})
public class CommandAutoConfiguration {

  /** The CLI runner and its model gateway, unless the application defines its own runner. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(Runner.class)
  @Import({ModelConfiguration.class, ClaudeConfiguration.class, PoolConfiguration.class})
  static class OwnRunner {}
}
