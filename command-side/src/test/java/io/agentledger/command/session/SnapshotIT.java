package io.agentledger.command.session;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.model.Usage;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.crypto.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.axonframework.common.caching.Cache;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A long session on a node that has not loaded it, or has it no longer in its cache. */
class SnapshotIT extends CommandTestSupport {
  private static final ProcessId PROCESS = ProcessId.next();
  private static final ThreadId THREAD = ThreadId.next();
  private static final ActionId ACTION = ActionId.next();
  private static final Budget BUDGET = new Budget.Limited(Money.ofUsd("7"));

  @Autowired Cache sessionCache;
  @Autowired Sealer sealer;

  private RecordOutput record(Assignment run, List<UnrecordedEvent> events) {
    var sessionSealer = new SessionSealer(sealer, run.session());
    var entries =
        events.stream().map(event -> event.toEntry(sessionSealer, run.run(), PROCESS, 1)).toList();
    return new RecordOutput(run.session(), run.run(), PROCESS, 1, entries);
  }

  private static UnrecordedEvent messageEntry(long end) {
    var block = "{\"type\":\"text\",\"text\":\"word " + end + "\"}";
    return new UnrecordedEvent(
        Source.JOURNAL,
        end,
        THREAD,
        (sealer, run, thread, position) ->
            new MessageReceived(
                sealer.session(),
                run,
                thread,
                position,
                MessageId.next(),
                0,
                Role.ASSISTANT,
                MessageOrigin.MODEL,
                "text",
                sealer.text(MessageReceived.class, "block", block),
                Usage.ZERO));
  }

  private static UnrecordedEvent turned(String exchange, long end) {
    return new UnrecordedEvent(
        Source.USAGE,
        end,
        THREAD,
        (sealer, run, thread, position) ->
            new TurnFinished(
                sealer.session(),
                run,
                thread,
                position,
                exchange,
                "opus",
                new Usage(1, 2, 3, 4, 5),
                Money.ofUsd("0.01"),
                new PriceSource.Rehearsed(),
                TurnStatus.COMPLETED));
  }

  private static UnrecordedEvent permissionEntry() {
    return new UnrecordedEvent(
        Source.RUNNER,
        0,
        THREAD,
        (sealer, run, thread, _) ->
            new PermissionRequested(
                sealer.session(),
                run,
                thread,
                ACTION,
                ToolCallId.next(),
                "Bash",
                "digest",
                new AnswerTimeout.Unlimited(),
                sealer.text(PermissionRequested.class, "input", "{}"),
                sealer.text(PermissionRequested.class, "reason", "why")));
  }

  private long events(SessionId session) {
    return sql.sql("select count(*) from event where aggregateidentifier = ?")
        .param(session.value())
        .query(Long.class)
        .single();
  }

  private long snapshotOf(SessionId session) {
    return sql.sql(
            "select coalesce(max(sequencenumber), -1) from snapshot where aggregateidentifier = ?")
        .param(session.value())
        .query(Long.class)
        .single();
  }

  @Test
  void longSessionIsRestoredFromItsSnapshot() throws Exception {
    var session = openSession();
    var run = new AtomicReference<Assignment>();
    var ready = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    runner.script(
        session,
        assignment -> {
          runner.start(assignment, 1);
          run.set(assignment);
          ready.countDown();
          done.await();
          runner.end(assignment, 1);
        });
    submitQuery(session, "hi");
    assertThat(ready.await(10, SECONDS)).isTrue();
    var text = LongStream.rangeClosed(1, 10_000).mapToObj(SnapshotIT::messageEntry).toList();
    for (int i = 0; i < text.size(); i += 500) send(record(run.get(), text.subList(i, i + 500)));
    send(record(run.get(), List.of(turned("exc_1", 1), turned("exc_2", 2), permissionEntry())));
    SubmitResult queued = send(new SubmitInputs(session, List.of(prompt("and then")), null));
    assertThat(queued.queries().getFirst().queuePosition()).isEqualTo(1);
    // A snapshot is not made while the previous one is in progress.
    await().untilAsserted(() -> assertThat(snapshotOf(session)).isGreaterThan(9_000));
    long before = events(session);
    sessionCache.removeAll();

    // Positions, exchanges and pending actions are part of the snapshot.
    send(record(run.get(), text.subList(9_000, 10_000)));
    send(record(run.get(), List.of(turned("exc_1", 3), permissionEntry())));
    assertThat(events(session)).isEqualTo(before);
    sessionCache.removeAll();
    send(new SubmitInputs(session, List.of(decision(Decision.ALLOW)), null));
    sessionCache.removeAll();
    assertThatThrownBy(
            () -> send(new SubmitInputs(session, List.of(decision(Decision.DENY)), null)))
        .isInstanceOf(RejectionException.class);
    sessionCache.removeAll();
    done.countDown();
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(eventNames(session)).contains("RunCompleted"));

    // The totals of its turns and the queue are part of it, too.
    var ends = new ArrayList<RunCompleted>();
    eventsOf(session)
        .forEach(
            event -> {
              if (event instanceof RunCompleted end) ends.add(end);
            });
    assertThat(ends.getFirst().totals().turns()).isEqualTo(2);
    assertThat(ends.getFirst().totals().costUsd()).isEqualTo(Money.ofUsd("0.02"));
    assertThat(eventNames(session).stream().filter("QueryIssued"::equals)).hasSize(2);
  }

  @Test
  void budgetIsRestoredFromTheSnapshot() {
    var session = openSessionWithSnapshot();
    sessionCache.removeAll();
    long before = events(session);
    send(new SetBudget(session, BUDGET)); // The same again is no change.
    assertThat(events(session)).isEqualTo(before);
  }

  @Test
  void sessionWhoseSnapshotCannotBeReadIsLoadedFromItsEvents() {
    var session = openSessionWithSnapshot();
    sql.sql(
            """
            update snapshot set payload = convert_to('{"budget": 1}', 'UTF8')
            where aggregateidentifier = ?""")
        .param(session.value())
        .update();
    sessionCache.removeAll();
    long before = events(session);
    send(new SetBudget(session, BUDGET));
    assertThat(events(session)).isEqualTo(before);
    send(new SetBudget(session, new Budget.Limited(Money.ofUsd("8"))));
    assertThat(events(session)).isEqualTo(before + 1);
  }

  private SessionId openSessionWithSnapshot() {
    var session = openSession();
    send(new SetBudget(session, BUDGET));
    for (int i = 0; i < 120; i++) send(new TagSession(session, Set.of("tag-" + i)));
    await().untilAsserted(() -> assertThat(snapshotOf(session)).isGreaterThan(90));
    return session;
  }

  private static Input.Decide decision(Decision decision) {
    return new Input.Decide(ACTION, decision, "digest", null, null);
  }
}
