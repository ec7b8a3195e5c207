package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.egress.EgressSocket;
import io.agentledger.command.claude.files.FileCheckpointService;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.host.HostDirectory;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.SupervisorServices;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionSetup;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.claude.state.SessionTooling;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.NotifyingEventStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates process supervisors: starts processes, takes over running ones, and reads the journals of
 * ended ones.
 */
final class ProcessSupervisorFactory {
  private static final Logger log = LoggerFactory.getLogger(ProcessSupervisorFactory.class);

  private final SessionPathsResolver sessionPathsResolver;
  private final Sandbox sandbox;
  private final LaunchPlanner launchPlanner;
  private final String node;
  private final ProcessLauncher processLauncher;
  private final ProcessSockets processSockets;
  private final SupervisorServices services;
  private final FileCheckpointService fileCheckpointService;
  private final NotifyingEventStore store;
  private final Sealer sealer;

  ProcessSupervisorFactory(
      NodeContext nodeContext,
      SupervisorServices services,
      NotifyingEventStore store,
      Sealer sealer) {
    this.sessionPathsResolver = nodeContext.pathsResolver();
    this.sandbox = sessionPathsResolver.sandbox();
    this.launchPlanner = new LaunchPlanner(sandbox, nodeContext.directoryResolver(), services);
    this.node = nodeContext.node();
    this.processLauncher =
        new ProcessLauncher(
            sessionPathsResolver, nodeContext.variablePassthrough(), nodeContext.orphanTimeout());
    this.services = services;
    this.processSockets = new ProcessSockets(services.modelEndpoint(), services.egress());
    this.fileCheckpointService = nodeContext.checkpoints();
    this.store = store;
    this.sealer = sealer;
  }

  String node() {
    return node;
  }

  SessionPathsResolver pathsResolver() {
    return sessionPathsResolver;
  }

  /** Returns the state of the session after its last event. */
  SessionState readState(SessionId session) {
    SessionState state = newState(session);
    state.catchUp();
    return state;
  }

  /** Returns the state of a session that this node has just opened, mostly without a query. */
  SessionState readOpenedState(SessionId session) {
    SessionState state = newState(session);
    state.catchUpAfterCommand();
    return state;
  }

  /** Returns the state of a session whose first event is not recorded yet. */
  SessionState newState(DomainEventMessage<SessionOpened> opening) {
    SessionState state = newState(opening.getPayload().sessionId());
    state.open(opening);
    return state;
  }

  private SessionState newState(SessionId session) {
    return new SessionState(session, store, store::committedEvents, sealer);
  }

  /** Returns the limits from the session's first event. */
  Limits limits(SessionId session) {
    var opened = (SessionOpened) store.readEvents(session.value(), 0).next().getPayload();
    return opened.environment().limits();
  }

  /** Creates the starter of processes whose sessions are not open yet. */
  PrewarmedProcessStarter prewarmedProcessStarter() {
    return new PrewarmedProcessStarter(
        this, launchPlanner, processLauncher, processSockets, services);
  }

  /** See {@link LaunchPlanner}. */
  LaunchPlan planLaunch(SessionState state, RunOptions options, SessionPaths files)
      throws IOException {
    return launchPlanner.plan(state, options, files);
  }

  /**
   * Brings the session's directories to the recorded state and returns them. No process of it may
   * be alive here.
   */
  SessionPaths bringUpToDate(SessionState state) throws IOException {
    SessionPaths files = sessionPathsResolver.resolve(state);
    fileCheckpointService.bringUpToDate(state, files);
    return files;
  }

  /** See {@link FileCheckpointService#checkpointChanges}. */
  Optional<CheckpointId> takeCheckpoint(SessionState state, long epoch, Moment moment)
      throws IOException {
    return fileCheckpointService.checkpointChanges(
        state, sessionPathsResolver.resolve(state), epoch, moment);
  }

  /** See {@link FileCheckpointService#isReadyForRun}. */
  boolean areFilesReady(SessionState state, SessionPaths files) throws IOException {
    return fileCheckpointService.isReadyForRun(state, files);
  }

  boolean isUpToDate(SessionState state) throws IOException {
    return fileCheckpointService.isCurrent(state, sessionPathsResolver.resolve(state));
  }

  void send(SessionCommand command, Provenance provenance) {
    services.commandGateway().send(command, provenance);
  }

  /** Returns whether the conversation of the session so far is on the disk. */
  boolean hasConversation(SessionState state, SessionPaths files) {
    return processLauncher.hasConversation(state.session(), files);
  }

  /**
   * Starts a process for the session, which resumes the conversation if there is one, or takes this
   * one if it was started as a new one would be.
   *
   * @param prewarmed process that was started for this session before it was opened; it is ended if
   *     it is not taken
   * @throws IOException also if another process of the session is running on this node
   */
  ProcessSupervisor start(
      SessionState state, LaunchPlan plan, long epoch, Optional<PrewarmedProcess> prewarmed)
      throws IOException {
    SessionPaths files = prepareFiles(state, epoch);
    if (prewarmed.isPresent()) {
      Optional<ProcessSupervisor> taken = take(prewarmed.get(), state, plan, epoch);
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    files.chownWorkspace();
    LaunchPlan launchPlan = plan.withWorkspace(files, sessionPathsResolver.ownerScripts());
    launchPlan.stage(files);
    ProcessId id = ProcessId.next();
    Path directory = files.runs().resolve(id.value());
    SessionPaths.createDirectory(directory, "rwx------");
    ProcessSockets.Owner owner = new ProcessSockets.Owner(state, files, id, epoch);
    Optional<EgressSocket> egressSocket = processSockets.prepare(owner);
    ClaudeProcess process;
    try {
      process = ClaudeProcess.start(processLauncher.create(state, files, directory, launchPlan));
    } catch (IOException | RuntimeException failed) {
      egressSocket.ifPresent(EgressSocket::close);
      storeConversation(state, files, epoch);
      throw failed;
    }
    try {
      return attend(process, owner, launchPlan, egressSocket);
    } catch (IOException | RuntimeException failed) {
      process.terminate(Duration.ZERO);
      storeConversation(state, files, epoch);
      throw failed;
    }
  }

  /** Prepares the session's files; fails if a process of the session runs on this node. */
  SessionPaths prepareFiles(SessionState state, long epoch) throws IOException {
    requireNoProcess(state.session());
    SessionPaths files = sessionPathsResolver.resolve(state);
    fileCheckpointService.prepare(state, files, epoch);
    return files;
  }

  /** Takes a prewarmed process in prepared files; ends it if it is not what a new one would be. */
  Optional<ProcessSupervisor> take(
      PrewarmedProcess prewarmed, SessionState state, LaunchPlan plan, long epoch)
      throws IOException {
    Optional<ProcessSupervisor> taken = newSupervisor(prewarmed, state, plan, () -> epoch);
    if (taken.isEmpty()) {
      prewarmed.end();
    } else {
      prewarmed.accept();
      taken.get().start(true);
    }
    return taken;
  }

  /**
   * Creates the supervisor of a prewarmed process, which is not started.
   *
   * @param epoch acquires the lease of the session if the process fits
   * @return empty if the process is not what a new one would be
   */
  Optional<ProcessSupervisor> newSupervisor(
      PrewarmedProcess prewarmed, SessionState state, LaunchPlan plan, LongSupplier epoch)
      throws IOException {
    SessionPaths files = sessionPathsResolver.resolve(state);
    LaunchPlan launchPlan = plan.withWorkspace(files, sessionPathsResolver.ownerScripts());
    var launch = processLauncher.create(state, files, prewarmed.directory(), launchPlan);
    String digest = processLauncher.digest(launch, files, launchPlan.completeSpec());
    if (!prewarmed.fits(state, files, digest)) {
      return Optional.empty();
    }
    var owner = new ProcessSockets.Owner(state, files, prewarmed.id(), epoch.getAsLong());
    return Optional.of(
        createSupervisor(prewarmed.process(), owner, launchPlan, prewarmed.connection(), true));
  }

  private void requireNoProcess(SessionId session) throws IOException {
    Optional<Path> living = sessionPathsResolver.findLivingProcess(session);
    if (living.isPresent()) {
      throw new IOException("the process " + living.get().getFileName() + " is still running");
    }
  }

  private ProcessSupervisor attend(
      ClaudeProcess process,
      ProcessSockets.Owner owner,
      LaunchPlan launchPlan,
      Optional<EgressSocket> egressSocket)
      throws IOException {
    ModelEndpoint.Connection connection = processSockets.open(owner, egressSocket);
    try {
      return createSupervisor(process, owner, launchPlan, connection, false).start(false);
    } catch (RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  /** Creates the supervisor of a process that was launched by this plan. */
  private ProcessSupervisor createSupervisor(
      ClaudeProcess process,
      ProcessSockets.Owner owner,
      LaunchPlan launchPlan,
      ModelEndpoint.Connection connection,
      boolean prewarmed) {
    ProcessResources processResources =
        new ProcessResources(
            owner,
            connection,
            launchPlan.mounts().directories(),
            owner.state().setup().tools(),
            launchPlan.leftOutImports(),
            prewarmed);
    LaunchSpec spec = launchPlan.completeSpec();
    return createSupervisor(process, spec, spec.hash(), processResources);
  }

  /** See {@link FileCheckpointService#storeConversation}; a failure leaves it on the disk. */
  private void storeConversation(SessionState state, SessionPaths files, long epoch) {
    try {
      fileCheckpointService.storeConversation(state, files, epoch);
    } catch (IOException | RuntimeException stays) {
      log.atWarn()
          .addKeyValue("sessionId", state.session())
          .setCause(stays)
          .log("could not store a conversation; it stays on the disk");
    }
  }

  void storeConversation(SessionState state, long epoch) throws IOException {
    storeConversation(state, sessionPathsResolver.resolve(state), epoch);
  }

  /**
   * Takes over the process of a run that is recorded as in progress; the process may have ended.
   */
  ProcessSupervisor takeOver(SessionState state, RunState run, long epoch) throws IOException {
    Execution execution = run.execution().orElseThrow();
    ProcessSockets.Owner owner = owner(state, execution.processId(), epoch);
    SessionTooling tooling = state.setup().tools(run.tools());
    return attend(owner, run.options(), tooling, execution.launchHash());
  }

  /** Takes over the output of a process that ended without a run in progress. */
  ProcessSupervisor takeOverEnded(SessionState state, ProcessId process, long epoch)
      throws IOException {
    SessionSetup setup = state.setup();
    return attend(owner(state, process, epoch), setup.options(), setup.tools(), "");
  }

  private ProcessSockets.Owner owner(SessionState state, ProcessId process, long epoch)
      throws IOException {
    return new ProcessSockets.Owner(state, sessionPathsResolver.resolve(state), process, epoch);
  }

  private ProcessSupervisor attend(
      ProcessSockets.Owner owner, RunOptions options, SessionTooling tooling, String hash)
      throws IOException {
    SessionState state = owner.state();
    ModelEndpoint.Connection connection = processSockets.reopen(owner);
    try {
      ClaudeProcess process = attachOrOpenReadOnly(owner.directory());
      ProcessResources processResources =
          new ProcessResources(
              owner,
              connection,
              launchPlanner.availableDirectories(state),
              tooling,
              Map.of(), // Recorded with its first run.
              false);
      LaunchSpec spec = launchPlanner.createSpec(state, options, tooling);
      return createSupervisor(process, spec, hash, processResources);
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private static ClaudeProcess attachOrOpenReadOnly(Path directory) throws IOException {
    try {
      return ClaudeProcess.attach(directory);
    } catch (IOException gone) {
      return ClaudeProcess.openReadOnly(directory);
    }
  }

  private record ProcessResources(
      ProcessSockets.Owner owner,
      ModelEndpoint.Connection connection,
      List<HostDirectory> directories,
      SessionTooling tools,
      Map<String, String> leftOutImports,
      boolean prewarmed) {}

  /**
   * @param hash hash of the specification that it was started with
   */
  private ProcessSupervisor createSupervisor(
      ClaudeProcess process, LaunchSpec spec, String hash, ProcessResources resources) {
    Execution execution =
        new Execution(
            node,
            resources.owner().epoch(),
            resources.owner().process(),
            hash,
            CliInstallation.VERSION,
            sandbox.level(),
            services.modelEndpoint().upstream());
    AgentPathResolver paths =
        launchPlanner.pathResolver(
            resources.owner().state(), resources.owner().files(), resources.directories());
    ProcessContext processContext =
        new ProcessContext(
            process,
            spec,
            paths,
            execution,
            resources.owner().state(),
            resources.tools(),
            resources.leftOutImports(),
            resources.prewarmed());
    return new ProcessSupervisor(processContext, resources.connection(), services);
  }
}
