package io.agentledger.command.session;

import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.session.job.RunRetryScheduler;
import io.agentledger.command.session.job.RunSaga;
import io.agentledger.command.session.job.RunSettings;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.test.saga.SagaTestFixture;

/**
 * Simulates one session under a virtual clock: the real aggregate and the real saga, {@linkplain
 * SimulatedProcess processes} that write journals, and a node that reads them. The node crashes,
 * processes die with it or alone, and commands of the node arrive twice, late, or never. The seed
 * determines all choices.
 */
final class SessionSimulation {
  static final Duration TIMEOUT = SessionFixture.OPTIONS.timeout();

  private static final Provenance PROVENANCE =
      new Provenance(
          new TenantId("tnt_2222222222"),
          Actor.ofUser(SessionFixture.ADA),
          new CredentialId("key_2222222222"),
          "req_1");
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final int CRASHES_MAX = 3;

  static {
    System.setProperty("disable-axoniq-console-message", "true");
  }

  final Random random;
  final List<SimulatedProcess> processes = new ArrayList<>();
  private final Configuration axon;
  private final SagaTestFixture<RunSaga> saga = new SagaTestFixture<>(RunSaga.class);
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::atMillis).thenComparing(Step::order));
  private final List<SessionEvent> toSaga = new ArrayList<>();
  private long nowMillis;
  private long stepCount;
  private long epoch = 1;
  private int crashes;

  private record Step(long atMillis, long order, BooleanSupplier condition, Runnable action) {}

  SessionSimulation(long seed) {
    random = new Random(seed);
    McpServerRegistry servers = SessionFixture.SERVERS;
    axon =
        DefaultConfigurer.defaultConfiguration()
            .configureAggregate(Session.class)
            .configureEmbeddedEventStore(configuration -> new InMemoryEventStorageEngine())
            .registerComponent(RunStarter.class, configuration -> this::reserve)
            .registerComponent(Sealer.class, configuration -> new SessionFixture.PlainSealer())
            .registerComponent(AnswerValidator.class, configuration -> SessionFixture.ANY_ANSWER)
            .registerComponent(
                ActionInitiatorReader.class,
                configuration -> (id, sequence) -> Actor.ofUser(SessionFixture.ADA))
            .registerComponent(
                SessionDefaults.class,
                configuration -> new SessionDefaults(SessionFixture.AGENT, SessionFixture.OPTIONS))
            .registerComponent(McpServerRegistry.class, configuration -> servers)
            .registerComponent(HookRegistry.class, configuration -> SessionFixture.HOOKS)
            .registerComponent(
                TenantMembership.class, configuration -> (tenant, user) -> Optional.empty())
            .registerComponent(
                SessionOpener.class,
                configuration ->
                    new SessionOpener(
                        servers,
                        EnvironmentOpeningTest::environment,
                        tenant -> SessionFixture.AGENT.id(),
                        SessionOpenedFactoryTest::parentOf))
            .start();
    saga.registerResource(
        (RunRetryScheduler)
            (assignment, tries, failedAt) -> after(RETRY_DELAY, () -> execute(assignment.run())));
    saga.registerResource(
        new RunSettings(
            8,
            RETRY_DELAY,
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1)));
    saga.setCallbackBehavior(
        (command, metadata) -> {
          after(Duration.ZERO, () -> send((SessionCommand) command));
          return null;
        });
    axon.eventBus().subscribe(events -> events.forEach(this::onStored));
    axon.eventBus()
        .publish(
            new GenericDomainEventMessage<>(
                "Session", SessionFixture.SESSION.value(), 0, SessionFixture.opened()));
  }

  /**
   * Runs until no action is left.
   *
   * @param queries number of queries, some of them concurrent
   */
  List<DomainEventMessage<?>> run(int queries) {
    for (int number = 0; number < queries; number++) {
      var input = SessionFixture.prompt(QueryId.next(), RunId.next(), "query " + number);
      after(Duration.ofSeconds(random.nextInt(60)), () -> submit(input));
    }
    playSteps();
    for (int number = 0; number < queries; number++) { // A query without a process times out.
      advanceTo(nowMillis + TIMEOUT.plus(TIMEOUT).toMillis());
      playSteps();
    }
    return events();
  }

  private void playSteps() {
    while (!steps.isEmpty()) {
      Step step = steps.remove();
      advanceTo(step.atMillis());
      if (step.condition().getAsBoolean()) step.action().run();
      tellSaga();
    }
  }

  private void advanceTo(long atMillis) {
    if (atMillis <= nowMillis) return;
    saga.andThenTimeElapses(Duration.ofMillis(atMillis - nowMillis));
    nowMillis = atMillis;
  }

  private void onStored(EventMessage<?> message) {
    if (message.getPayload() instanceof SessionEvent event) {
      toSaga.add(event);
      if (event instanceof QueryIssued issued)
        after(Duration.ofMillis(2), () -> execute(issued.runId()));
      if (event instanceof PermissionRequested request && random.nextInt(4) > 0)
        after(
            Duration.ofMillis(random.nextInt(20_000)),
            () ->
                submit(
                    new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null, null)));
    }
  }

  /** Sometimes a process waits for the run; the job adopts it. */
  private Optional<Execution> reserve(QueryIssued issued, RunStarter.Recorded recorded) {
    if (random.nextBoolean()) return Optional.empty();
    var waiting = new SimulatedProcess(this, ProcessId.next(), issued.runId());
    processes.add(waiting);
    return Optional.of(SessionFixture.machinery(waiting.id(), epoch));
  }

  private void tellSaga() {
    while (!toSaga.isEmpty())
      saga.givenAPublished(
          new GenericEventMessage<Object>(toSaga.removeFirst(), PROVENANCE.asMetadata()));
  }

  List<DomainEventMessage<?>> events() {
    var events = new ArrayList<DomainEventMessage<?>>();
    axon.eventStore().readEvents(SessionFixture.SESSION.value(), 0).forEachRemaining(events::add);
    return events;
  }

  void after(Duration delay, Runnable action) {
    after(delay, () -> true, action);
  }

  /**
   * @param condition under which the action is still executed at its time
   */
  void after(Duration delay, BooleanSupplier condition, Runnable action) {
    steps.add(new Step(nowMillis + delay.toMillis(), stepCount++, condition, action));
  }

  private void submit(Input input) {
    send(SessionFixture.submit(input));
  }

  /** Returns whether the command was accepted; late ones are rejected. */
  boolean send(SessionCommand command) {
    try {
      axon.commandGateway().sendAndWait(command);
      return true;
    } catch (RejectionException | CommandExecutionException | ConcurrencyException refused) {
      return false;
    } catch (IllegalStateException refused) {
      return false; // A process that is not of the next attempt.
    }
  }

  /** Sends a command as the node does: sometimes it arrives twice, the second time late. */
  boolean sendFromNode(SessionCommand command) {
    if (random.nextInt(8) == 0)
      after(Duration.ofMillis(random.nextInt(30_000)), () -> send(command));
    return send(command);
  }

  /**
   * Executes a job of the node: adopts the run's process, or begins the next attempt with a new
   * one. A job that fails is repeated.
   */
  private void execute(RunId run) {
    var query = openQuery(run);
    if (query.isEmpty()) return;
    var living =
        processes.stream().filter(process -> process.isAt(run) && process.isAlive()).findFirst();
    int attempt =
        (int) processes.stream().filter(process -> process.isAt(run)).count()
            + (living.isPresent() ? 0 : 1);
    var process =
        living.orElseGet(
            () -> {
              var spawned = new SimulatedProcess(this, ProcessId.next(), run);
              processes.add(spawned);
              return spawned;
            });
    var start =
        new StartRun(
            SessionFixture.SESSION,
            run,
            new Cause.Query(query.get()),
            attempt,
            "opus",
            SessionFixture.machinery(process.id(), epoch));
    if (!sendFromNode(start)) {
      process.kill(); // The run has ended, or another node has the lease.
      if (attempt < Run.ATTEMPTS_MAX) after(RETRY_DELAY, () -> execute(run));
      return;
    }
    long mine = epoch;
    process.readBy(mine, () -> epoch == mine);
    planFaults(process, mine);
  }

  /** Returns the query of a run that has not ended. */
  private Optional<QueryId> openQuery(RunId run) {
    var events = events().stream().map(DomainEventMessage::getPayload).toList();
    if (events.stream().anyMatch(event -> SessionSimulationTest.isEndOf(event, run)))
      return Optional.empty();
    return events.stream()
        .filter(QueryIssued.class::isInstance)
        .map(QueryIssued.class::cast)
        .filter(issued -> issued.runId().equals(run))
        .map(QueryIssued::queryId)
        .findFirst();
  }

  private void planFaults(SimulatedProcess process, long mine) {
    var when = Duration.ofMillis(random.nextInt(20_000));
    switch (random.nextInt(4)) {
      case 0 -> after(when, () -> epoch == mine && process.isAlive(), () -> crash(process));
      case 1 -> after(when, process::isAlive, () -> die(process, mine));
      default -> {}
    }
  }

  /**
   * The node crashes, perhaps with the process, and commands in transit arrive later; the next node
   * adopts the run.
   */
  private void crash(SimulatedProcess process) {
    if (crashes++ >= CRASHES_MAX) return;
    var underWay = process.readAll(epoch);
    after(Duration.ofMillis(random.nextInt(60_000)), () -> send(underWay));
    epoch++;
    if (random.nextBoolean()) process.kill();
    after(Duration.ofMillis(500 + random.nextInt(30_000)), () -> execute(process.run()));
  }

  /** The process dies, and its node notices it. */
  private void die(SimulatedProcess process, long mine) {
    process.kill();
    var fail =
        new FailRun(
            SessionFixture.SESSION,
            process.run(),
            tryNumber(process.run()),
            mine,
            Failure.CLI,
            true,
            SessionFixture.SECOND,
            "it died",
            process.id());
    after(
        Duration.ofMillis(random.nextInt(500)),
        () -> epoch == mine && !process.isFinished(),
        () -> sendFromNode(fail));
  }

  private int tryNumber(RunId run) {
    return 1
        + (int)
            events().stream()
                .map(DomainEventMessage::getPayload)
                .filter(event -> event instanceof RunFailed failed && failed.runId().equals(run))
                .count();
  }
}
