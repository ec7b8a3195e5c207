package io.agentledger.command.claude;

import io.agentledger.api.ops.NodeFacts;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.LiveLane;
import io.agentledger.api.workspace.Directories;
import io.agentledger.command.claude.box.BoundFolders;
import io.agentledger.command.claude.box.CliInstallation;
import io.agentledger.command.claude.box.Confinement;
import io.agentledger.command.claude.box.HostFolders;
import io.agentledger.command.claude.box.OwnersHand;
import io.agentledger.command.claude.box.ProgramBox;
import io.agentledger.command.claude.box.RunTree;
import io.agentledger.command.claude.box.Sandbox;
import io.agentledger.command.claude.box.SandboxSettings;
import io.agentledger.command.claude.egress.EgressGateway;
import io.agentledger.command.claude.egress.EgressSettings;
import io.agentledger.command.claude.policy.DefaultPermissions;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.Policies;
import io.agentledger.command.claude.process.GatewayDoor;
import io.agentledger.command.claude.process.JournalWatch;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.record.CommandScribe;
import io.agentledger.command.claude.run.Equipment;
import io.agentledger.command.claude.run.Watchdog;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.claude.snapshot.Snapshots;
import io.agentledger.command.mcp.ToolServers;
import io.agentledger.command.mcp.link.ServerBox;
import io.agentledger.command.model.ModelGateway;
import io.agentledger.command.support.outbound.NameLookup;
import io.agentledger.store.Home;
import io.agentledger.store.content.SealedBytes;
import io.agentledger.store.content.Sealer;
import io.agentledger.store.event.Tail;
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
  GrantSettings.class,
  EgressSettings.class,
  SandboxSettings.class,
  SnapshotSettings.class
})
public class ClaudeConfiguration {
  private static final Logger log = LoggerFactory.getLogger(ClaudeConfiguration.class);

  @Bean
  RunTree runTree(Home home) throws IOException {
    return RunTree.open(home.root());
  }

  @Bean
  Sandbox sandbox(
      RunTree tree, ClaudeSettings settings, SandboxSettings limits, EgressSettings egress)
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
  ModelDoor modelDoor(ModelGateway gateway) {
    return new GatewayDoor(gateway);
  }

  @Bean
  NodeFacts nodeFacts(Home home, ModelDoor door, Sandbox sandbox) {
    return new RunnerNode(home.node(), door.upstream(), sandbox);
  }

  @Bean
  JournalWatch journalWatch() throws IOException {
    return new JournalWatch();
  }

  @Bean
  @ConditionalOnMissingBean
  Watchdog watchdog(ClaudeSettings settings) {
    return Watchdog.standard(settings.silence());
  }

  @Bean
  ServerBox serverBox(RunTree tree, Sandbox sandbox) {
    return new ProgramBox(tree, sandbox);
  }

  /** Where the CLI's questions go. */
  record Doors(ModelDoor model, EgressGateway egress, ToolServers servers) {}

  @Bean
  Doors claudeDoors(ModelDoor model, EgressGateway egress, ToolServers servers) {
    return new Doors(model, egress, servers);
  }

  @Bean
  EgressGateway.Circle egressCircle(
      HostPolicies policies, ObjectProvider<NameLookup> names, CommandGateway commands) {
    return new EgressGateway.Circle(
        policies, names.getIfAvailable(NameLookup::ofTheSystem), new CommandScribe(commands));
  }

  @Bean
  EgressGateway egressGateway(
      EgressSettings settings, Sandbox sandbox, EgressGateway.Circle circle) {
    return new EgressGateway(settings, sandbox.boxed(), circle);
  }

  @Bean
  Equipment claudeEquipment(
      CommandGateway commands, LiveLane lane, Doors doors, RunnerBasics basics, Advice advice) {
    return new Equipment(
        new CommandScribe(commands),
        lane,
        doors.model(),
        doors.egress(),
        new DefaultPermissions(advice.policies()),
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
  record Advice(Policies policies, PathPolicies paths, Hooks hooks) {}

  @Bean
  Advice runnerAdvice(Policies policies, PathPolicies paths, Hooks hooks) {
    return new Advice(policies, paths, hooks);
  }

  /** What has no features of its own. */
  record RunnerBasics(
      JournalWatch watch,
      Watchdog watchdog,
      Confinement confinement,
      FileStates states,
      ClaudeSettings settings,
      Clock clock) {}

  @Bean
  RunnerBasics runnerBasics(
      JournalWatch watch,
      Watchdog watchdog,
      Sandbox sandbox,
      FileStates states,
      ClaudeSettings settings,
      Clock clock) {
    return new RunnerBasics(watch, watchdog, sandbox.confinement(), states, settings, clock);
  }

  @Bean
  Snapshots fileSnapshots(SealedBytes store, SnapshotSettings settings, Clock clock) {
    return new Snapshots(store, settings, clock);
  }

  @Bean
  FileStates.Bounds fileStatesBounds(SnapshotSettings settings, Sandbox sandbox) {
    return new FileStates.Bounds(settings, new OwnersHand(sandbox));
  }

  @Bean
  FileStates fileStates(
      Snapshots snapshots,
      CommandGateway commands,
      @Qualifier("eventStore") EventStore store,
      FileStates.Bounds bounds) {
    return new FileStates(snapshots, new CommandScribe(commands), store, bounds);
  }

  @Bean
  HostFolders hostFolders(GrantSettings grants, Home home, RunTree tree, Sandbox sandbox)
      throws IOException {
    return new HostFolders(grants.directories(), List.of(home.root(), tree.root()), sandbox);
  }

  @Bean
  BoundFolders boundFolders(HostFolders folders, Sandbox sandbox) {
    return new BoundFolders(folders, sandbox);
  }

  @Bean
  Grounds grounds(RunTree tree, Sandbox sandbox, BoundFolders bound) {
    return new Grounds(tree, sandbox, bound);
  }

  @Bean
  Directories directories(HostFolders folders, BoundFolders bound) {
    return new ChosenDirectories(folders, bound);
  }

  @Bean
  Workshop.Place workshopPlace(
      Grounds grounds, HostFolders folders, Home home, RunnerBasics basics, Passing passing) {
    return new Workshop.Place(
        grounds, folders, basics.states(), home.node(), basics.settings().patience(), passing);
  }

  @Bean
  @ConditionalOnMissingBean
  Passing passing(ClaudeSettings settings) {
    return settings.passing();
  }

  @Bean
  BoxBounds boxBounds(
      SandboxSettings limits, Passing passing, GrantSettings grants, EgressGateway egress) {
    return new OperatorsBounds(limits, passing, grants, egress::whyNot);
  }

  @Bean
  Workshop workshop(
      Workshop.Place place,
      Equipment equipment,
      @Qualifier("eventStore") EventStore store,
      Sealer sealer) {
    return new Workshop(place, equipment, store, sealer);
  }

  @Bean
  WorkspaceRoot workspaceRoot(Grounds grounds) {
    return new RunTreeWorkspaces(grounds);
  }

  @Bean
  CliRunner cliRunner(Workshop workshop, ClaudePool pool, Leases leases) {
    return new CliRunner(workshop, pool, leases);
  }

  @Bean
  RunnerLifecycle runnerLifecycle(
      CliRunner runner, ClaudePool pool, Tail tail, RunRecovery recovery) {
    return new RunnerLifecycle(runner, pool, tail, recovery);
  }

  @Bean
  RunRecovery runRecovery(RunTree tree, Workshop workshop, CliRunner runner) {
    return new RunRecovery(tree, workshop, runner);
  }
}
