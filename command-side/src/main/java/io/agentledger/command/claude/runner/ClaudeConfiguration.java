package io.agentledger.command.claude.runner;

import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.api.workspace.HostDirectories;
import io.agentledger.command.claude.egress.EgressProxy;
import io.agentledger.command.claude.egress.EgressSettings;
import io.agentledger.command.claude.files.FileCheckpointService;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.RunDirectoryWorkspaces;
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
import io.agentledger.command.claude.run.SupervisorServices;
import io.agentledger.command.claude.run.Watchdog;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.EnvironmentConstraints;
import io.agentledger.command.claude.sandbox.McpServerSandbox;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.mcp.McpConnector;
import io.agentledger.command.mcp.connection.McpSandbox;
import io.agentledger.command.model.ModelGateway;
import io.agentledger.command.support.outbound.DnsResolver;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.LiveEventFeed;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
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

/** The beans that run the CLI. Where the CLI or a forced sandbox is missing nothing starts. */
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
  RunDirectory runTree(NodeHome home) throws IOException {
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
        CliInstallation.find(
                Optional.ofNullable(settings.cliPath()).filter(path -> !path.toString().isEmpty()),
                settings.root())
            .placedIn(runDirectory.cli());
    Optional<SandboxLevel> forced =
        Optional.ofNullable(settings.sandbox())
            .filter(name -> !name.isBlank())
            .map(ClaudeConfiguration::level);
    Sandbox sandbox = Sandbox.open(runDirectory, cli, forced, limits);
    if (egress.enabled()) {
      sandbox.probeEgress(runDirectory);
    }
    log.atInfo()
        .addKeyValue("level", sandbox.level().wireName())
        .addKeyValue("why", sandbox.why())
        .addKeyValue("limits", sandbox.confinement().enforced())
        .addKeyValue("open", sandbox.confinement().open())
        .addKeyValue("egress", egress.enabled())
        .log("the sandbox was probed");
    return sandbox;
  }

  private static SandboxLevel level(String name) {
    return Arrays.stream(SandboxLevel.values())
        .filter(level -> level.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "AGENTLEDGER_SANDBOX is \"" + name + "\"; it may be full, shared-uid or none"));
  }

  @Bean
  ModelEndpoint modelDoor(ModelGateway gateway) {
    return new GatewayModelEndpoint(gateway);
  }

  @Bean
  NodeInfo nodeFacts(NodeHome home, ModelEndpoint modelEndpoint, Sandbox sandbox) {
    return new RunnerNodeFacts(home.node(), modelEndpoint.upstream(), sandbox);
  }

  @Bean
  JournalWatcher journalWatch() throws IOException {
    return new JournalWatcher();
  }

  @Bean
  @ConditionalOnMissingBean
  Watchdog watchdog(ClaudeSettings settings) {
    return Watchdog.standard(settings.silence());
  }

  @Bean
  McpSandbox serverBox(RunDirectory runDirectory, Sandbox sandbox) {
    return new McpServerSandbox(runDirectory, sandbox);
  }

  /** Where the CLI's questions go. */
  record Doors(ModelEndpoint model, EgressProxy egress, McpConnector servers) {}

  @Bean
  Doors claudeDoors(ModelEndpoint model, EgressProxy egress, McpConnector mcpConnector) {
    return new Doors(model, egress, mcpConnector);
  }

  @Bean
  EgressProxy.Dependencies egressCircle(
      HostPolicies policies, ObjectProvider<DnsResolver> dnsResolver, CommandGateway commands) {
    return new EgressProxy.Dependencies(
        policies,
        dnsResolver.getIfAvailable(DnsResolver::ofTheSystem),
        new RetryingCommandGateway(commands));
  }

  @Bean
  EgressProxy egressGateway(
      EgressSettings settings, Sandbox sandbox, EgressProxy.Dependencies dependencies) {
    return new EgressProxy(settings, sandbox.isEnabled(), dependencies);
  }

  @Bean
  SupervisorServices claudeEquipment(
      CommandGateway commands,
      LiveFrameBus liveFrameBus,
      Doors doors,
      RunnerBasics basics,
      Advice advice) {
    return new SupervisorServices(
        new RetryingCommandGateway(commands),
        liveFrameBus,
        doors.model(),
        doors.egress(),
        new DefaultToolCallAuthorizer(advice.policies()),
        advice.paths(),
        advice.hooks(),
        doors.servers(),
        basics.states(),
        basics.watch(),
        basics.watchdog(),
        basics.confinement(),
        basics.clock());
  }

  /** Who is asked about tool calls. */
  record Advice(PolicyEvaluator policies, PathPolicies paths, Hooks hooks) {}

  @Bean
  Advice runnerAdvice(PolicyEvaluator policies, PathPolicies paths, Hooks hooks) {
    return new Advice(policies, paths, hooks);
  }

  /** What has no features of its own. */
  record RunnerBasics(
      JournalWatcher watch,
      Watchdog watchdog,
      ResourceLimiter confinement,
      FileCheckpointService states,
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
        journalWatcher, watchdog, sandbox.confinement(), fileCheckpointService, settings, clock);
  }

  @Bean
  SnapshotService fileSnapshots(SealedBlobStore store, SnapshotSettings settings, Clock clock) {
    return new SnapshotService(store, settings, clock);
  }

  @Bean
  FileCheckpointService.Options fileStatesBounds(SnapshotSettings settings, Sandbox sandbox) {
    return new FileCheckpointService.Options(settings, new OwnerScriptRunner(sandbox));
  }

  @Bean
  FileCheckpointService fileStates(
      SnapshotService snapshots,
      CommandGateway commands,
      @Qualifier("eventStore") EventStore store,
      FileCheckpointService.Options options) {
    return new FileCheckpointService(
        snapshots, new RetryingCommandGateway(commands), store, options);
  }

  @Bean
  HostDirectoryResolver hostFolders(
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
  BoundDirectoryResolver boundFolders(
      HostDirectoryResolver hostDirectoryResolver, Sandbox sandbox) {
    return new BoundDirectoryResolver(hostDirectoryResolver, sandbox.ownUids());
  }

  @Bean
  SessionPathsResolver grounds(
      RunDirectory runDirectory, Sandbox sandbox, BoundDirectoryResolver bound) {
    return new SessionPathsResolver(runDirectory, sandbox, bound);
  }

  @Bean
  HostDirectories directories(
      HostDirectoryResolver hostDirectoryResolver, BoundDirectoryResolver bound) {
    return new HostDirectoryService(hostDirectoryResolver, bound);
  }

  @Bean
  ProcessSupervisorFactory.NodeContext workshopPlace(
      SessionPathsResolver sessionPathsResolver,
      HostDirectoryResolver hostDirectoryResolver,
      NodeHome home,
      RunnerBasics basics,
      VariablePassthrough passing) {
    return new ProcessSupervisorFactory.NodeContext(
        sessionPathsResolver,
        hostDirectoryResolver,
        basics.states(),
        home.node(),
        basics.settings().patience(),
        passing);
  }

  @Bean
  @ConditionalOnMissingBean
  VariablePassthrough passing(ClaudeSettings settings) {
    return settings.passing();
  }

  @Bean
  EnvironmentConstraints boxBounds(
      SandboxSettings limits,
      VariablePassthrough passing,
      HostDirectorySettings hostDirectorySettings,
      EgressProxy egress) {
    return new OperatorConstraints(limits, passing, hostDirectorySettings, egress::violation);
  }

  @Bean
  ProcessSupervisorFactory workshop(
      ProcessSupervisorFactory.NodeContext nodeContext,
      SupervisorServices supervisorServices,
      @Qualifier("eventStore") EventStore store,
      Sealer sealer) {
    return new ProcessSupervisorFactory(nodeContext, supervisorServices, store, sealer);
  }

  @Bean
  NodeWorkspaces workspaceRoot(SessionPathsResolver sessionPathsResolver) {
    return new RunDirectoryWorkspaces(sessionPathsResolver);
  }

  @Bean
  CliRunner cliRunner(
      ProcessSupervisorFactory processSupervisorFactory, ProcessPool pool, SessionLeases leases) {
    return new CliRunner(processSupervisorFactory, pool, leases);
  }

  @Bean
  RunnerLifecycle runnerLifecycle(
      CliRunner runner, ProcessPool pool, LiveEventFeed liveEventFeed, RunRecovery recovery) {
    return new RunnerLifecycle(runner, pool, liveEventFeed, recovery);
  }

  @Bean
  RunRecovery runRecovery(
      RunDirectory runDirectory,
      ProcessSupervisorFactory processSupervisorFactory,
      CliRunner runner) {
    return new RunRecovery(runDirectory, processSupervisorFactory, runner);
  }
}
