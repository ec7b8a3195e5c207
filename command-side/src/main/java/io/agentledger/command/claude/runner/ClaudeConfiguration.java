package io.agentledger.command.claude.runner;

import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.api.workspace.HostDirectories;
import io.agentledger.command.claude.egress.EgressProxy;
import io.agentledger.command.claude.egress.EgressSettings;
import io.agentledger.command.claude.files.FileCheckpointService;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.RunDirectoryWorkspaces;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.host.BoundDirectoryResolver;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.claude.host.HostDirectoryService;
import io.agentledger.command.claude.host.HostDirectorySettings;
import io.agentledger.command.claude.policy.DefaultToolCallAuthorizer;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.PolicyEvaluator;
import io.agentledger.command.claude.process.GatewayModelEndpoint;
import io.agentledger.command.claude.process.JournalWatcher;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.record.RetryingCommandGateway;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.SupervisorServices;
import io.agentledger.command.claude.run.Watchdog;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.EnvironmentConstraints;
import io.agentledger.command.claude.sandbox.McpServerSandbox;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxRequirements;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.mcp.McpConnector;
import io.agentledger.command.mcp.connection.McpSandbox;
import io.agentledger.command.model.ModelGateway;
import io.agentledger.command.support.SealedSkillStore;
import io.agentledger.command.support.outbound.DnsResolver;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.MasterKeys;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.LiveEventFeed;
import io.agentledger.store.event.NotifyingEventStore;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that run the CLI. Start-up fails if the CLI or a forced sandbox level is missing. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  ClaudeSettings.class,
  HostDirectorySettings.class,
  EgressSettings.class,
  SandboxSettings.class,
  SnapshotSettings.class
})
public class ClaudeConfiguration {
  private static final Logger log = LoggerFactory.getLogger(ClaudeConfiguration.class);

  @Bean
  RunDirectory runDirectory(NodeHome home) throws IOException {
    return RunDirectory.open(home.root());
  }

  @Bean
  Sandbox sandbox(
      RunDirectory runDirectory,
      ClaudeSettings settings,
      SandboxSettings limits,
      EgressSettings egress)
      throws IOException {
    CliInstallation cli =
        CliInstallation.install(
            Optional.ofNullable(settings.cliPath()).filter(path -> !path.toString().isEmpty()),
            settings.root(),
            runDirectory.cli());
    String level = settings.sandbox();
    Optional<SandboxLevel> forced =
        level == null || level.isBlank()
            ? Optional.empty()
            : Optional.of(SandboxRequirements.parse(level));
    Sandbox sandbox = Sandbox.open(runDirectory, cli, forced, limits);
    runDirectory.installCaCertificates(egress.readCaCertificates());
    if (egress.enabled()) {
      sandbox.probeEgress(runDirectory);
    }
    log.atInfo()
        .addKeyValue("level", sandbox.level().wireName())
        .addKeyValue("why", sandbox.levelReason())
        .addKeyValue("limits", sandbox.resourceLimiter().describeEnforced())
        .addKeyValue("open", sandbox.resourceLimiter().describeUnenforced())
        .addKeyValue("egress", egress.enabled())
        .log("sandbox probed");
    return sandbox;
  }

  @Bean
  ModelEndpoint modelEndpoint(ModelGateway gateway) {
    return new GatewayModelEndpoint(gateway);
  }

  @Bean
  NodeInfo nodeInfo(NodeHome home, ModelEndpoint modelEndpoint, Sandbox sandbox) {
    return new RunnerNodeInfo(home.node(), modelEndpoint.upstream(), sandbox);
  }

  @Bean
  JournalWatcher journalWatcher() throws IOException {
    return new JournalWatcher();
  }

  @Bean
  @ConditionalOnMissingBean
  Watchdog watchdog(ClaudeSettings settings) {
    return Watchdog.withDefaults(settings.inactivityTimeout());
  }

  @Bean
  McpSandbox mcpSandbox(RunDirectory runDirectory, Sandbox sandbox) {
    return new McpServerSandbox(runDirectory, sandbox);
  }

  /** Endpoints that the CLI's requests go to. */
  record ExternalEndpoints(ModelEndpoint model, EgressProxy egress, McpConnector mcpConnector) {}

  @Bean
  ExternalEndpoints externalEndpoints(
      ModelEndpoint model, EgressProxy egress, McpConnector mcpConnector) {
    return new ExternalEndpoints(model, egress, mcpConnector);
  }

  @Bean
  EgressProxy.Dependencies egressDependencies(
      HostPolicies policies, ObjectProvider<DnsResolver> dnsResolver, CommandGateway commands) {
    return new EgressProxy.Dependencies(
        policies,
        dnsResolver.getIfAvailable(DnsResolver::system),
        new RetryingCommandGateway(commands));
  }

  @Bean
  EgressProxy egressProxy(
      EgressSettings settings, Sandbox sandbox, EgressProxy.Dependencies dependencies) {
    return new EgressProxy(settings, sandbox.isEnabled(), dependencies);
  }

  @Bean
  SupervisorServices supervisorServices(
      CommandGateway commands,
      TransientEventBus transientEventBus,
      ExternalEndpoints externalEndpoints,
      RunnerBasics basics,
      PolicySources policySources,
      SealedBlobStore blobs) {
    return new SupervisorServices(
        new RetryingCommandGateway(commands),
        transientEventBus,
        externalEndpoints.model(),
        externalEndpoints.egress(),
        new DefaultToolCallAuthorizer(policySources.policies()),
        policySources.pathPolicies(),
        policySources.hooks(),
        externalEndpoints.mcpConnector(),
        basics.checkpoints(),
        basics.journalWatcher(),
        basics.watchdog(),
        basics.resourceLimiter(),
        new SealedSkillStore(blobs),
        basics.clock());
  }

  /** Sources of decisions about tool calls. */
  record PolicySources(PolicyEvaluator policies, PathPolicies pathPolicies, Hooks hooks) {}

  @Bean
  PolicySources policySources(PolicyEvaluator policies, PathPolicies paths, Hooks hooks) {
    return new PolicySources(policies, paths, hooks);
  }

  /** Services of the runner that belong to no feature. */
  record RunnerBasics(
      JournalWatcher journalWatcher,
      Watchdog watchdog,
      ResourceLimiter resourceLimiter,
      FileCheckpointService checkpoints,
      ClaudeSettings settings,
      Clock clock) {}

  @Bean
  RunnerBasics runnerBasics(
      JournalWatcher journalWatcher,
      Watchdog watchdog,
      Sandbox sandbox,
      FileCheckpointService fileCheckpointService,
      ClaudeSettings settings,
      Clock clock) {
    return new RunnerBasics(
        journalWatcher,
        watchdog,
        sandbox.resourceLimiter(),
        fileCheckpointService,
        settings,
        clock);
  }

  @Bean
  FileCheckpointService.Options fileCheckpointOptions(
      SnapshotSettings settings, Sandbox sandbox, NodeHome home) {
    return new FileCheckpointService.Options(settings, new OwnerScriptRunner(sandbox), home.node());
  }

  @Bean
  FileCheckpointService fileCheckpointService(
      SnapshotService snapshots,
      CommandGateway commands,
      @Qualifier("eventStore") EventStore store,
      FileCheckpointService.Options options) {
    return new FileCheckpointService(
        snapshots, new RetryingCommandGateway(commands), store, options);
  }

  @Bean
  HostDirectoryResolver hostDirectoryResolver(
      HostDirectorySettings hostDirectorySettings,
      NodeHome home,
      RunDirectory runDirectory,
      Sandbox sandbox)
      throws IOException {
    return new HostDirectoryResolver(
        hostDirectorySettings.directories(),
        List.of(home.root(), runDirectory.root()),
        sandbox.ownUids());
  }

  @Bean
  BoundDirectoryResolver boundDirectoryResolver(
      HostDirectoryResolver hostDirectoryResolver, Sandbox sandbox) {
    return new BoundDirectoryResolver(hostDirectoryResolver, sandbox.ownUids());
  }

  @Bean
  SessionPathsResolver sessionPathsResolver(
      RunDirectory runDirectory, Sandbox sandbox, BoundDirectoryResolver bound) {
    return new SessionPathsResolver(runDirectory, sandbox, bound);
  }

  @Bean
  HostDirectories hostDirectories(
      HostDirectoryResolver hostDirectoryResolver, BoundDirectoryResolver bound) {
    return new HostDirectoryService(hostDirectoryResolver, bound);
  }

  @Bean
  NodeContext supervisorNodeContext(
      SessionPathsResolver sessionPathsResolver,
      HostDirectoryResolver hostDirectoryResolver,
      NodeHome home,
      RunnerBasics basics,
      VariablePassthrough variablePassthrough) {
    return new NodeContext(
        sessionPathsResolver,
        hostDirectoryResolver,
        basics.checkpoints(),
        home.node(),
        basics.settings().orphanTimeout(),
        variablePassthrough);
  }

  @Bean
  @ConditionalOnMissingBean
  VariablePassthrough variablePassthrough(ClaudeSettings settings) {
    return settings.variablePassthrough();
  }

  @Bean
  EnvironmentConstraints environmentConstraints(
      SandboxSettings limits,
      VariablePassthrough variablePassthrough,
      HostDirectorySettings hostDirectorySettings,
      EgressProxy egress) {
    return new OperatorConstraints(
        limits, variablePassthrough, hostDirectorySettings, egress::violation);
  }

  @Bean
  ProcessSupervisorFactory processSupervisorFactory(
      NodeContext nodeContext,
      SupervisorServices supervisorServices,
      @Qualifier("eventStore") NotifyingEventStore store,
      Sealer sealer) {
    return new ProcessSupervisorFactory(nodeContext, supervisorServices, store, sealer);
  }

  @Bean
  NodeWorkspaces nodeWorkspaces(SessionPathsResolver sessionPathsResolver) {
    return new RunDirectoryWorkspaces(sessionPathsResolver);
  }

  @Bean
  OrphanedProcesses orphanedProcesses(
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool<ProcessSupervisor> pool,
      SessionLeases leases) {
    return new OrphanedProcesses(processSupervisorFactory, pool, leases);
  }

  @Bean
  CliRunner cliRunner(
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool<ProcessSupervisor> pool,
      SessionLeases leases,
      OrphanedProcesses orphanedProcesses,
      PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses,
      RunDirectory runDirectory,
      SnapshotService snapshots) {
    var runner =
        new CliRunner(
            processSupervisorFactory, pool, leases, orphanedProcesses, prewarmedProcesses);
    runDirectory.beforeDelete(
        session -> {
          runner.endProcess(new SessionId(session)); // Its uid becomes free.
          snapshots.evict(new SessionId(session)); // The names of its files.
        });
    return runner;
  }

  @Bean
  SessionFiles sessionFiles(
      CliRunner runner,
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool pool,
      SessionLeases leases,
      OrphanedProcesses orphanedProcesses) {
    return new NodeSessionFiles(runner, processSupervisorFactory, pool, leases, orphanedProcesses);
  }

  @Bean
  RunnerLifecycle runnerLifecycle(
      CliRunner runner,
      ProcessPool<ProcessSupervisor> pool,
      LiveEventFeed liveEventFeed,
      RunRecovery recovery,
      UnattendedProcesses unattended,
      PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses,
      MasterKeys masterKeys) {
    return new RunnerLifecycle(
        runner,
        pool,
        liveEventFeed,
        recovery,
        unattended,
        new RunnerLifecycle.Prewarming(prewarmedProcesses, masterKeys::isOnlyNode));
  }

  @Bean
  RunRecovery runRecovery(
      RunDirectory runDirectory,
      Sandbox sandbox,
      ProcessSupervisorFactory processSupervisorFactory,
      CliRunner runner,
      OrphanedProcesses orphanedProcesses) {
    return new RunRecovery(
        runDirectory,
        sandbox.resourceLimiter(),
        processSupervisorFactory,
        runner,
        orphanedProcesses);
  }
}
