package io.agentledger.command.mcp;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.mcp.connection.McpClientFactory;
import io.agentledger.command.mcp.connection.McpConnectionException;
import io.agentledger.command.mcp.connection.McpSandbox;
import io.agentledger.command.mcp.connection.McpSettings;
import io.agentledger.command.mcp.connection.OAuthTokenProvider;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for MCP servers: their registry and connections. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(McpSettings.class)
@Import(McpServer.class)
public class McpConfiguration {
  @Bean
  EventSourcedMcpServerRegistry mcpRegistry(@Qualifier("eventStore") EventStore store) {
    return new EventSourcedMcpServerRegistry(store);
  }

  /**
   * Creates connections. Without a runner of the CLI there is no sandbox, and programs are not
   * started.
   */
  @Bean
  McpClientFactory mcpClientFactory(
      ObjectProvider<McpSandbox> mcpSandbox,
      OutboundHttpClient outbound,
      McpClientFactory.SecretSources secrets,
      McpSettings settings) {
    McpSandbox sandbox =
        (server, command, readable) -> {
          var own = mcpSandbox.getIfAvailable();
          if (own == null) throw new McpConnectionException("no programs are started on this node");
          return own.sandboxedCommand(server, command, readable);
        };
    return new McpClientFactory(sandbox, outbound, secrets, settings);
  }

  @Bean
  McpClientFactory.SecretSources secretSources(
      SecretReader secretReader, OAuthTokenProvider tokens) {
    return new McpClientFactory.SecretSources(secretReader, tokens);
  }

  @Bean
  OAuthTokenProvider oauthTokenProvider(
      SecretReader secretReader,
      OutboundHttpClient outbound,
      JdbcClient sql,
      ObjectProvider<CommandGateway> commands,
      McpSettings settings,
      Clock clock) {
    var endpoint = new OAuthTokenEndpoint(outbound, clock, settings.connectTimeout());
    var tokenRefreshLock = new TokenRefreshLock(sql, settings.connectTimeout().multipliedBy(2));
    return new RefreshingTokenProvider(
        secretReader, endpoint, tokenRefreshLock, commands.getObject(), clock);
  }

  @Bean
  McpServerChecker mcpServerChecker(
      EventSourcedMcpServerRegistry registry,
      McpClientFactory mcpClientFactory,
      JdbcClient sql,
      CommandGateway commands) {
    return new McpServerChecker(
        registry, mcpClientFactory, new McpCheckTimeRecorder(sql), commands);
  }

  /** Ordered after the interceptors of all features, which answer or reject a command. */
  @Bean
  @DependsOn("commandInterceptors")
  InitializingBean sessionServerInterceptor(
      CommandBus bus,
      CommandGateway commands,
      @Qualifier("eventStore") EventStore store,
      EventSourcedMcpServerRegistry registry) {
    return () ->
        bus.registerHandlerInterceptor(new SessionServerInterceptor(commands, store, registry));
  }

  @Bean
  CheckedMcpConnector mcpConnector(
      McpServerChecker mcpServerChecker, ObjectProvider<PlatformServer> platformServer) {
    return new CheckedMcpConnector(mcpServerChecker, platformServer::getIfAvailable);
  }

  @Bean
  Task<McpServerCheckJob.JobData> mcpCheckJob(McpServerChecker mcpServerChecker) {
    return new McpServerCheckJob(mcpServerChecker).task();
  }

  @Bean
  Task<Void> mcpServerSweep(
      @Lazy QueryGateway queries, @Lazy SchedulerClient jobs, McpSettings settings, Clock clock) {
    return Tasks.recurring(McpServerSweepJob.NAME, FixedDelay.of(settings.checkInterval()))
        .execute(
            (instance, context) ->
                new McpServerSweepJob(queries, jobs, settings.checkInterval(), clock).run());
  }

  /** The scheduler depends on jobs that send commands, so it is created only at the first use. */
  @Bean
  McpServerCheckScheduler mcpServerCheckScheduler(@Lazy SchedulerClient jobs, Clock clock) {
    return McpServerCheckJob.scheduler(jobs, clock);
  }
}
