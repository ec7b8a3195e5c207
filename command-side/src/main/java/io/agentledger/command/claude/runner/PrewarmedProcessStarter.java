package io.agentledger.command.claude.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.PrewarmedMark;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.run.SupervisorServices;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Starts, checks and ends prewarmed processes of the CLI on this node. */
record PrewarmedProcessStarter(
    ProcessSupervisorFactory processSupervisorFactory,
    LaunchPlanner launchPlanner,
    ProcessLauncher processLauncher,
    ProcessSockets processSockets,
    SupervisorServices services)
    implements PrewarmedProcesses.Starter<PrewarmedProcess> {

  /** Shorter than the time for which a stop waits for it. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(9);

  private SessionPathsResolver pathsResolver() {
    return processSupervisorFactory.pathsResolver();
  }

  @Override
  public Optional<PrewarmedProcess> start(SessionId example, RunOptions options, SessionId session)
      throws IOException {
    SessionState state = processSupervisorFactory.readState(example);
    if (!PrewarmedProcess.isPossible(state)
        || services.egress().isOpenFor(state.opened().environment().network())) {
      return Optional.empty();
    }
    return Optional.of(start(new PrewarmedProcess.Example(state, options), session));
  }

  private PrewarmedProcess start(PrewarmedProcess.Example example, SessionId session)
      throws IOException {
    SessionPaths files = pathsResolver().ownWorkspacePaths(session);
    try {
      return start(example, new ProcessSockets.Place(session, files, ProcessId.next()));
    } catch (IOException | RuntimeException failed) {
      pathsResolver().runDirectory().delete(session.value());
      throw failed;
    }
  }

  private PrewarmedProcess start(PrewarmedProcess.Example example, ProcessSockets.Place place)
      throws IOException {
    LaunchPlan launchPlan = plan(example, place.files());
    SessionPaths.createDirectory(place.directory(), "rwx------");
    new PrewarmedMark(place.directory()).create();
    launchPlan.stage(place.files());
    processSockets.requestHolder(place);
    var launch = launch(example, place, launchPlan);
    ClaudeProcess process = ClaudeProcess.start(launch);
    Optional<ModelEndpoint.Connection> opened = Optional.empty();
    try {
      var connection = processSockets.openModel(place);
      opened = Optional.of(connection);
      LaunchSpec spec = launchPlan.completeSpec();
      warmUp(process, connection);
      String begin = "begin-" + UUID.randomUUID();
      process.send(ClaudeInput.initialize(begin, spec.initializeFields()));
      awaitResponse(process, begin);
      return new PrewarmedProcess(
          example,
          place,
          process,
          connection,
          processLauncher.digest(launch, place.files(), spec),
          services.resourceLimiter());
    } catch (IOException | RuntimeException failed) {
      process.terminate(Duration.ZERO);
      opened.ifPresent(ModelEndpoint.Connection::close);
      services.resourceLimiter().release(place.process().value());
      throw failed;
    }
  }

  /**
   * Lets the CLI ask a model, which is the gateway itself, so that the first prompt takes less
   * time. It has no hooks yet, which it would call for the question.
   */
  private static void warmUp(ClaudeProcess process, ModelEndpoint.Connection connection)
      throws IOException {
    connection.answerWarmUp();
    String request = "warm-up-" + UUID.randomUUID();
    process.send(ClaudeInput.sideQuestion(request, "Are you ready?"));
    awaitResponse(process, request);
  }

  private static void awaitResponse(ClaudeProcess process, String request) throws IOException {
    Instant deadline = Instant.now().plus(RESPONSE_TIMEOUT);
    while (!new String(Files.readAllBytes(process.journal()), UTF_8).contains(request)) {
      if (!process.isAlive()) {
        throw new IOException("the CLI has ended: " + process.stderrTail());
      }
      if (Instant.now().isAfter(deadline)) {
        throw new IOException(
            "the CLI has not responded for " + RESPONSE_TIMEOUT.toSeconds() + " s");
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a CLI is warmed up", interrupted);
      }
    }
  }

  private LaunchPlan plan(PrewarmedProcess.Example example, SessionPaths files) throws IOException {
    return launchPlanner
        .plan(example.state(), example.options(), files)
        .withWorkspace(files, pathsResolver().ownerScripts());
  }

  private ClaudeProcess.Launch launch(
      PrewarmedProcess.Example example, ProcessSockets.Place place, LaunchPlan launchPlan)
      throws IOException {
    return processLauncher.create(
        example.state().opened().environment(),
        processLauncher.newConversation(place.session()),
        place.files(),
        place.directory(),
        launchPlan);
  }

  @Override
  public boolean isAlive(PrewarmedProcess process) {
    return process.process().isAlive();
  }

  @Override
  public void heartbeat(PrewarmedProcess process) throws IOException {
    process.process().heartbeat();
  }

  @Override
  public boolean isCurrent(PrewarmedProcess process) throws IOException {
    ProcessSockets.Place place = process.place();
    LaunchPlan launchPlan = plan(process.example(), place.files());
    var launch = launch(process.example(), place, launchPlan);
    return process.isStartedAs(
        processLauncher.digest(launch, place.files(), launchPlan.completeSpec()));
  }

  @Override
  public void end(PrewarmedProcess process) throws IOException {
    process.end();
    SessionId session = process.session();
    if (!processSupervisorFactory.readState(session).isOpened()) {
      pathsResolver().runDirectory().delete(session.value());
    }
  }
}
