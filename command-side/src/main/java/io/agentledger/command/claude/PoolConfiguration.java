package io.agentledger.command.claude;

import io.agentledger.api.ops.HealthPart;
import io.agentledger.api.ops.NodeFacts;
import io.agentledger.command.claude.box.Sandbox;
import io.agentledger.command.claude.box.SandboxSettings;
import io.agentledger.store.Home;
import io.agentledger.store.event.Tail;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The processes of this node: who may have one, how many live, what they take, and what they leave.
 */
@Configuration(proxyBeanMethods = false)
public class PoolConfiguration {
  @Bean
  Leases leases(JdbcTemplate sql, Home home) {
    return new Leases(sql, home.node());
  }

  @Bean(destroyMethod = "")
  ClaudePool claudePool(Leases leases, ClaudeSettings settings, Clock clock) {
    return new ClaudePool(leases, settings, clock);
  }

  @Bean
  HealthPart cliHealth(NodeFacts node, ClaudePool pool, Sandbox sandbox) {
    return new CliHealth(node, pool, sandbox.confinement());
  }

  @Bean(initMethod = "start")
  DiskWatch diskWatch(ClaudePool pool, WorkspaceQuota quota, SandboxSettings limits) {
    return new DiskWatch(pool, quota, limits);
  }

  @Bean
  MeterBinder poolMeters(ClaudePool pool) {
    return new PoolMeters(pool);
  }

  @Bean
  Clearance clearance(
      CliRunner runner,
      Grounds grounds,
      @Qualifier("eventStore") EventStore store,
      Tail tail,
      Clock clock) {
    return new Clearance(runner, grounds, store, tail, clock);
  }
}
