package io.agentledger.command.mcp;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.vault.Vaults;
import io.agentledger.command.mcp.link.LinkFailed;
import io.agentledger.command.mcp.link.Links;
import io.agentledger.command.mcp.link.McpSettings;
import io.agentledger.command.mcp.link.ServerBox;
import io.agentledger.command.mcp.link.Tokens;
import io.agentledger.command.support.outbound.Outbound;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** MCP servers: their registry, and the connections to them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(McpSettings.class)
@Import(McpServer.class)
public class McpConfiguration {
  @Bean
  Registry mcpRegistry(@Qualifier("eventStore") EventStore store) {
    return new Registry(store);
  }

  /** Without a runner of the CLI there is no sandbox, and no program is started. */
  @Bean
  Links mcpLinks(
      ObjectProvider<ServerBox> box,
      Outbound outbound,
      Links.Secrets secrets,
      McpSettings settings) {
    ServerBox lazily =
        (server, command, readable) -> {
          var own = box.getIfAvailable();
          if (own == null) throw new LinkFailed("no programs are started on this node");
          return own.around(server, command, readable);
        };
    return new Links(lazily, outbound, secrets, settings);
  }

  @Bean
  Links.Secrets mcpSecrets(Vaults vaults, Tokens tokens) {
    return new Links.Secrets(vaults, tokens);
  }

  @Bean
  Tokens mcpTokens(
      Vaults vaults,
      Outbound outbound,
      JdbcClient sql,
      ObjectProvider<CommandGateway> commands,
      McpSettings settings,
      Clock clock) {
    var endpoint = new TokenEndpoint(outbound, clock, settings.connectTimeout());
    var turns = new RenewalTurns(sql, settings.connectTimeout().multipliedBy(2));
    return new TokenRenewals(vaults, endpoint, turns, commands.getObject(), clock);
  }

  @Bean
  Watch mcpWatch(Registry registry, Links links, JdbcClient sql, CommandGateway commands) {
    return new Watch(registry, links, new Looks(sql), commands);
  }

  @Bean
  LinkedServers toolServers(Watch watch) {
    return new LinkedServers(watch);
  }

  @Bean
  Task<CheckJob.Ticket> mcpCheckJob(Watch watch) {
    return new CheckJob(watch).task();
  }

  @Bean
  Task<Void> mcpRounds(
      @Lazy QueryGateway queries, @Lazy SchedulerClient jobs, McpSettings settings, Clock clock) {
    return Tasks.recurring(RoundJob.NAME, FixedDelay.of(settings.checkInterval()))
        .execute(
            (instance, context) ->
                new RoundJob(queries, jobs, settings.checkInterval(), clock).run());
  }

  /** The scheduler sends commands by its jobs: asked for only when there is one to enqueue. */
  @Bean
  Checks mcpChecks(@Lazy SchedulerClient jobs, Clock clock) {
    return CheckJob.checks(jobs, clock);
  }
}
