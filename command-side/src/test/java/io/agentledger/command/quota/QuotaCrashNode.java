package io.agentledger.command.quota;

import static io.agentledger.command.CommandTestSupport.KILLED;

import io.agentledger.api.model.Usage;
import io.agentledger.api.quota.QuotaCommand.BookSpending;
import io.agentledger.api.quota.QuotaCommand.ReserveRuns;
import io.agentledger.api.quota.QuotaCommand.SettleReservation;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import io.agentledger.command.claude.runner.Runner.Assignment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Node that dies, as by SIGKILL, at one point of a run's processing by the quota. */
final class QuotaCrashNode {
  static final SessionId SESSION = new SessionId("ses_qqqqqqqqqq");
  static final RunId RUN = new RunId("run_qqqqqqqqqq");
  static final ProcessId PROCESS = new ProcessId(ProcessId.PREFIX + "_qqqqqqqqqq");
  static final Money COST = Money.ofUsd("0.01");

  /** Points at which it dies; the named step is not committed by then. */
  enum CrashPoint {
    /** The quota has made the reservation; the session has not got the query. */
    RESERVED(ReserveRuns.class),
    /** The run is in progress. */
    RUNNING(Void.class),
    /** A turn is recorded and about to be booked; the run is still in progress. */
    BOOKING(BookSpending.class),
    /** The run's end is recorded, and its reservation about to be settled. */
    SETTLING(SettleReservation.class);

    private final Class<?> command;

    CrashPoint(Class<?> command) {
      this.command = command;
    }
  }

  private QuotaCrashNode() {}

  public static void main(String[] arguments) {
    var point = CrashPoint.valueOf(arguments[0]);
    var node = SpringApplication.run(CommandTestSupport.Application.class, arguments);
    node.getBean(CommandBus.class)
        .registerHandlerInterceptor(
            (unit, chain) -> {
              var result = chain.proceed();
              if (point.command.isInstance(unit.getMessage().getPayload())) haltIfReached();
              return result;
            });
    node.getBean(FakeRunner.class)
        .script(
            SESSION,
            run -> {
              if (point == CrashPoint.RUNNING) haltIfReached();
              startAndSpend(node, run);
              // Blocks until the node is killed.
              if (point == CrashPoint.BOOKING) new CountDownLatch(1).await();
              node.getBean(FakeRunner.class).end(run, 1);
            });
    CommandTestSupport.submitQuery(node, SESSION, RUN);
  }

  private static void haltIfReached() {
    Runtime.getRuntime().halt(KILLED);
  }

  /** Executes a run of one turn with costs, after the previous attempts. */
  static void execute(ConfigurableApplicationContext node, Assignment run) {
    startAndSpend(node, run);
    node.getBean(FakeRunner.class).end(run, attempts(node));
  }

  private static int attempts(ConfigurableApplicationContext node) {
    return node.getBean(JdbcClient.class)
        .sql("select count(*) from event where payloadtype = 'RunStarted'")
        .query(Integer.class)
        .single();
  }

  private static void startAndSpend(ConfigurableApplicationContext node, Assignment run) {
    var runner = node.getBean(FakeRunner.class);
    int attempt = attempts(node) + 1;
    var turn =
        new TurnFinished(
            SESSION,
            run.run(),
            ThreadId.next(),
            new SourcePosition(PROCESS, attempt, SourcePosition.Source.USAGE, 1),
            "exchange",
            "opus",
            Usage.ZERO,
            COST,
            new PriceSource.Table("2026-11-20"),
            TurnStatus.COMPLETED);
    var entry = new RecordOutput.Entry(SourcePosition.Source.USAGE, 1, turn);
    runner.start(run, attempt);
    runner.send(run, new RecordOutput(SESSION, run.run(), PROCESS, attempt, List.of(entry)));
  }
}
