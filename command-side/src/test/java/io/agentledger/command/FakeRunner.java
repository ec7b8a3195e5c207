package io.agentledger.command;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.claude.runner.Runner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.DomainEventMessage;

/** Executes runs without a CLI: each ends at once, unless the test has scripted it. */
public final class FakeRunner implements Runner {
  private final CommandGateway commands;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final Map<String, Reservation> waiting = new ConcurrentHashMap<>();
  private final List<Assignment> carriedOut = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger inProgress = new AtomicInteger();
  private final AtomicInteger inProgressMax = new AtomicInteger();

  /** Scripted action for the runs of a session. */
  @FunctionalInterface
  public interface Script {
    void execute(Assignment assignment) throws InterruptedException;
  }

  public FakeRunner(CommandGateway commands) {
    this.commands = commands;
  }

  @Override
  public void execute(Assignment assignment) throws InterruptedException {
    carriedOut.add(assignment);
    int now = inProgress.incrementAndGet();
    inProgressMax.accumulateAndGet(now, Math::max);
    try {
      scripts.getOrDefault(assignment.session().value(), this::finish).execute(assignment);
    } finally {
      inProgress.decrementAndGet();
    }
  }

  @Override
  public Optional<Reservation> reserve(
      SessionId session, RunId run, RunOptions options, long nextSequence) {
    return Optional.ofNullable(waiting.get(session.value()));
  }

  @Override
  public Optional<Reservation> reserveFirst(
      DomainEventMessage<SessionOpened> opening, RunId run, RunOptions options) {
    return reserve(opening.getPayload().sessionId(), run, options, 1);
  }

  /** Lets a process of the session wait for runs. */
  public void addWaitingProcess(SessionId session, Reservation reservation) {
    waiting.put(session.value(), reservation);
  }

  public void script(SessionId session, Script script) {
    scripts.put(session.value(), script);
  }

  public void start(Assignment run, int attempt) {
    send(
        run,
        new StartRun(
            run.session(),
            run.run(),
            new Cause.Query(run.query()),
            attempt,
            "opus",
            execution(attempt)));
  }

  public static Execution execution(long epoch) {
    return new Execution(
        "node", epoch, ProcessId.next(), "hash", "2.1.197", SandboxLevel.NONE, Upstream.REHEARSAL);
  }

  public void finish(Assignment run) {
    start(run, 1);
    end(run, 1);
  }

  public void end(Assignment run, long epoch) {
    send(
        run,
        new FinishRun(
            run.session(),
            run.run(),
            epoch,
            StopReason.COMPLETED,
            Duration.ofSeconds(1),
            "done",
            null));
  }

  public void send(Assignment run, Object command) {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(run.provenance().asMetadata()));
  }

  public List<Assignment> executedAssignments() {
    return List.copyOf(carriedOut);
  }

  public int inProgress() {
    return inProgress.get();
  }

  public int inProgressMax() {
    return inProgressMax.get();
  }
}
