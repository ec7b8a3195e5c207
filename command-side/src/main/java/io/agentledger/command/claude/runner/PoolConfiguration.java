package io.agentledger.command.claude.runner;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import io.agentledger.store.NodeHome;
import io.agentledger.store.event.LiveEventFeed;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Beans for the processes of this node: pool, leases, limits and recovery. */
@Configuration(proxyBeanMethods = false)
public class PoolConfiguration {
  @Bean
  SessionLeases sessionLeases(JdbcTemplate sql, NodeHome home, ClaudeSettings settings) {
    return new SessionLeases(sql, home.node(), settings.orphanTimeout());
  }

  /** Creates a bean that depends on no other, because it is created before all others. */
  @Bean
  static UnattendedProcesses unattendedProcesses() {
    return new UnattendedProcesses();
  }

  @Bean
  ProcessPool<ProcessSupervisor> processPool(
      SessionLeases leases, ClaudeSettings settings, Clock clock) {
    return new ProcessPool<>(leases, settings, clock);
  }

  @Bean
  PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses(
      ProcessSupervisorFactory processSupervisorFactory, ClaudeSettings settings, Clock clock) {
    return new PrewarmedProcesses<>(
        processSupervisorFactory.prewarmedProcessStarter(),
        settings.prewarmedMax(),
        new PrewarmedProcesses.Timeouts(settings.prewarmedTimeout(), settings.orphanTimeout()),
        clock);
  }

  @Bean
  HealthCheck cliHealth(
      NodeInfo node, ProcessPool<ProcessSupervisor> pool, Sandbox sandbox, Clock clock) {
    return new CliHealth(node, pool, sandbox.resourceLimiter(), clock);
  }

  @Bean(initMethod = "start")
  DiskUsageMonitor diskUsageMonitor(
      ProcessPool<ProcessSupervisor> pool, WorkspaceQuota quota, SandboxSettings limits) {
    return new DiskUsageMonitor(pool, quota, limits);
  }

  @Bean
  MeterBinder poolMeters(
      ProcessPool<ProcessSupervisor> pool,
      PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses) {
    return new PoolMeters(pool, prewarmedProcesses);
  }

  @Bean
  DeletedSessionCleaner deletedSessionCleaner(
      CliRunner runner,
      ProcessPool<ProcessSupervisor> pool,
      SessionPathsResolver sessionPathsResolver,
      @Qualifier("eventStore") EventStore store,
      LiveEventFeed liveEventFeed) {
    return new DeletedSessionCleaner(runner, pool, sessionPathsResolver, store, liveEventFeed);
  }

  @Bean
  UploadLeftoverCleaner uploadLeftoverCleaner(
      CliRunner runner,
      SessionPathsResolver sessionPathsResolver,
      @Qualifier("eventStore") EventStore store,
      Clock clock) {
    return new UploadLeftoverCleaner(runner, sessionPathsResolver, store, clock);
  }
}
