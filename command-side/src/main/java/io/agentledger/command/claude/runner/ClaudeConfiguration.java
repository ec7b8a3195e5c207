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
      RunDirectory tree, ClaudeSettings settings, SandboxSettings limits, EgressSettings egress)
      throws IOException {
    CliInstallation cli =
        CliInstallation.find(
                Optional.ofNullable(settings.cliPath()).filter(path -> !path.toString().isEmpty()),
                settings.root())
            .placedIn(tree.cli());
    Optional<SandboxLevel> forced =
        Optional.ofNullable(settings.sandbox())
            .filter(name -> !name.isBlank())
            .map(ClaudeConfiguration::level);
    Sandbox sandbox = Sandbox.open(tree, cli, forced, limits);
    if (egress.enabled()) {
      sandbox.probeEgress(tree);
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
  NodeInfo nodeFacts(NodeHome home, ModelEndpoint door, Sandbox sandbox) {
    return new RunnerNodeFacts(home.node(), door.upstream(), sandbox);
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
  McpSandbox serverBox(RunDirectory tree, Sandbox sandbox) {
    return new McpServerSandbox(tree, sandbox);
  }

  /** Where the CLI's questions go. */
  record Doors(ModelEndpoint model, EgressProxy egress, McpConnector servers) {}

  @Bean
  Doors claudeDoors(ModelEndpoint model, EgressProxy egress, McpConnector servers) {
    return new Doors(model, egress, servers);
  }

  @Bean
  EgressProxy.Dependencies egressCircle(
      HostPolicies policies, ObjectProvider<DnsResolver> names, CommandGateway commands) {
    return new EgressProxy.Dependencies(
        policies,
        names.getIfAvailable(DnsResolver::ofTheSystem),
        new RetryingCommandGateway(commands));
  }

  @Bean
  EgressProxy egressGateway(
      EgressSettings settings, Sandbox sandbox, EgressProxy.Dependencies circle) {
    return new EgressProxy(settings, sandbox.boxed(), circle);
  }

  @Bean
  SupervisorServices claudeEquipment(
      CommandGateway commands, LiveFrameBus lane, Doors doors, RunnerBasics basics, Advice advice) {
    return new SupervisorServices(
        new RetryingCommandGateway(commands),
        lane,
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
      JournalWatcher watch,
      Watchdog watchdog,
      Sandbox sandbox,
      FileCheckpointService states,
      ClaudeSettings settings,
      Clock clock) {
    return new RunnerBasics(watch, watchdog, sandbox.confinement(), states, settings, clock);
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
      FileCheckpointService.Options bounds) {
    return new FileCheckpointService(
        snapshots, new RetryingCommandGateway(commands), store, bounds);
  }

  @Bean
  HostDirectoryResolver hostFolders(
      HostDirectorySettings grants, NodeHome home, RunDirectory tree, Sandbox sandbox)
      throws IOException {
    return new HostDirectoryResolver(
        grants.directories(), List.of(home.root(), tree.root()), sandbox.ownUids());
  }

  @Bean
  BoundDirectoryResolver boundFolders(HostDirectoryResolver folders, Sandbox sandbox) {
    return new BoundDirectoryResolver(folders, sandbox.ownUids());
  }

  @Bean
  SessionPathsResolver grounds(RunDirectory tree, Sandbox sandbox, BoundDirectoryResolver bound) {
    return new SessionPathsResolver(tree, sandbox, bound);
  }

  @Bean
  HostDirectories directories(HostDirectoryResolver folders, BoundDirectoryResolver bound) {
    return new HostDirectoryService(folders, bound);
  }

  @Bean
  ProcessSupervisorFactory.NodeContext workshopPlace(
      SessionPathsResolver grounds,
      HostDirectoryResolver folders,
      NodeHome home,
      RunnerBasics basics,
      VariablePassthrough passing) {
    return new ProcessSupervisorFactory.NodeContext(
        grounds, folders, basics.states(), home.node(), basics.settings().patience(), passing);
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
      HostDirectorySettings grants,
      EgressProxy egress) {
    return new OperatorConstraints(limits, passing, grants, egress::whyNot);
  }

  @Bean
  ProcessSupervisorFactory workshop(
      ProcessSupervisorFactory.NodeContext place,
      SupervisorServices equipment,
      @Qualifier("eventStore") EventStore store,
      Sealer sealer) {
    return new ProcessSupervisorFactory(place, equipment, store, sealer);
  }

  @Bean
  NodeWorkspaces workspaceRoot(SessionPathsResolver grounds) {
    return new RunDirectoryWorkspaces(grounds);
  }

  @Bean
  CliRunner cliRunner(ProcessSupervisorFactory workshop, ProcessPool pool, SessionLeases leases) {
    return new CliRunner(workshop, pool, leases);
  }

  @Bean
  RunnerLifecycle runnerLifecycle(
      CliRunner runner, ProcessPool pool, LiveEventFeed tail, RunRecovery recovery) {
    return new RunnerLifecycle(runner, pool, tail, recovery);
  }

  @Bean
  RunRecovery runRecovery(RunDirectory tree, ProcessSupervisorFactory workshop, CliRunner runner) {
    return new RunRecovery(tree, workshop, runner);
  }
}
