package io.agentledger.command.claude;

import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.ElicitationEvent;
import io.agentledger.api.session.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.QueryEvent.InterruptRequested;
import io.agentledger.api.session.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.RunEvent.RunFailed;
import io.agentledger.api.session.RunEvent.RunInterrupted;
import io.agentledger.api.session.SessionId;
import io.agentledger.store.event.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.context.SmartLifecycle;

/**
 * Takes up at start what an earlier life left, listens for what is wished of runs, and at stop ends
 * idle processes and leaves the others.
 */
final class RunnerLifecycle implements SmartLifecycle {
  /** Before the jobs begin, and still there when they are interrupted. */
  private static final int PHASE = Integer.MAX_VALUE - 2000;

  private static final List<Class<?>> WISHES =
      List.of(
          ActionEvent.PermissionDecided.class,
          ActionEvent.QuestionAnswered.class,
          ActionEvent.ToolAnswered.class,
          ActionEvent.ActionExpired.class,
          ElicitationEvent.ElicitationAnswered.class,
          InterruptRequested.class,
          PermissionModeSet.class,
          TaskStopRequested.class,
          RunFailed.class,
          RunInterrupted.class);

  private final CliRunner runner;
  private final ClaudePool pool;
  private final Tail tail;
  private final RunRecovery recovery;
  private volatile boolean running;
  private Runnable listening = () -> {};

  RunnerLifecycle(CliRunner runner, ClaudePool pool, Tail tail, RunRecovery recovery) {
    this.runner = runner;
    this.pool = pool;
    this.tail = tail;
    this.recovery = recovery;
  }

  @Override
  public void start() {
    listening = tail.listen(this::hear);
    try {
      recovery.recover();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the run tree cannot be read", unreadable);
    }
    running = true;
  }

  private void hear(DomainEventMessage<?> fact) {
    if (WISHES.contains(fact.getPayloadType())) {
      runner.heard(new SessionId(fact.getAggregateIdentifier()));
    }
  }

  @Override
  public void stop() {
    listening.run();
    pool.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
