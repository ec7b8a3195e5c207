package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.Test;

/**
 * Simulations of a session, each from a seed that is printed with a violation: {@code
 * -Dsimulation.seed} repeats one, {@code -Dsimulation.count} runs more of them.
 */
class SessionSimulationTest {
  private static final int QUERIES = 3;

  @Test
  void everyQueryEndsOnceAndEverythingIsRecordedOnce() {
    long first = Long.getLong("simulation.seed", System.nanoTime());
    int count = Integer.getInteger("simulation.count", 100);
    for (long seed = first; seed < first + count; seed++) {
      var simulation = new SessionSimulation(seed);
      var events = simulation.run(QUERIES).stream().map(DomainEventMessage::getPayload).toList();
      try {
        assertEachQueryEnds(events);
        assertEachFailureIsOfAnotherProcess(simulation, events);
        assertOutputIsRecordedOnce(events);
        assertJournalsAreComplete(simulation, events);
        assertTotalsAreThoseOfTheTurns(events);
        assertNothingIsPending(events);
        assertOnlyAllowedCallsMayHaveActed(events);
      } catch (AssertionError violated) {
        throw new AssertionError(
            "-Dsimulation.count=1 -Dsimulation.seed=" + seed + ": " + describe(events), violated);
      }
    }
  }

  private static String describe(List<?> events) {
    return events.stream()
        .map(event -> event.getClass().getSimpleName())
        .collect(Collectors.joining(" "));
  }

  static boolean isEndOf(Object event, RunId run) {
    return switch (event) {
      case RunCompleted completed -> completed.runId().equals(run);
      case RunInterrupted interrupted -> interrupted.runId().equals(run);
      case RunFailed failed -> failed.runId().equals(run) && !failed.retrying();
      default -> false;
    };
  }

  private static <E> List<E> typed(List<?> events, Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static void assertEachQueryEnds(List<?> events) {
    var issued = typed(events, QueryIssued.class);
    assertThat(issued).extracting(QueryIssued::queryId).hasSize(QUERIES).doesNotHaveDuplicates();
    RunId open = null;
    for (Object event : events) {
      if (event instanceof QueryIssued query) {
        assertThat(open).as("the run before has ended").isNull();
        open = query.runId();
      }
      if (open != null && isEndOf(event, open)) open = null;
    }
    for (var query : issued) {
      var run = query.runId();
      assertThat(events.stream().filter(event -> isEndOf(event, run))).hasSize(1);
      var attempts =
          typed(events, RunStarted.class).stream()
              .filter(started -> started.runId().equals(run))
              .map(RunStarted::attempt)
              .toList();
      assertThat(attempts).isSorted().doesNotHaveDuplicates();
    }
  }

  private static void assertEachFailureIsOfAnotherProcess(
      SessionSimulation simulation, List<?> events) {
    var failed =
        typed(events, RunFailed.class).stream().filter(event -> event.failure() == Failure.CLI);
    var dead = simulation.processes.stream().filter(process -> !process.isAlive()).count();
    assertThat(failed.count()).isLessThanOrEqualTo(dead);
  }

  /** Returns the positions of all output that was read from processes. */
  private static List<SourcePosition> readPositions(List<?> events) {
    return typed(events, OutputEvent.class).stream()
        .filter(event -> !isOfTheSession(event))
        .map(OutputEvent::sourcePosition)
        .toList();
  }

  /** The session itself ends calls whose process is lost. */
  private static boolean isOfTheSession(OutputEvent event) {
    return event.sourcePosition().source() == SourcePosition.Source.RUNNER;
  }

  private static void assertOutputIsRecordedOnce(List<?> events) {
    assertThat(
            readPositions(events).stream()
                .map(at -> at.processId() + " " + at.source() + " " + at.endOffset()))
        .doesNotHaveDuplicates();
    assertThat(events.stream().mapToLong(SessionSimulationTest::epoch).filter(epoch -> epoch > 0))
        .as("no node is heard after the next one")
        .isSorted();
    assertThat(typed(events, TurnFinished.class))
        .extracting(TurnFinished::exchangeId)
        .doesNotHaveDuplicates();
  }

  private static long epoch(Object event) {
    return switch (event) {
      case RunStarted started -> started.execution().epoch();
      case OutputEvent output -> output.sourcePosition().epoch();
      default -> 0;
    };
  }

  /**
   * Asserts for the process that answered that its output is recorded in order, except for results
   * of calls that the session had ended: a call has one outcome.
   */
  private static void assertJournalsAreComplete(SessionSimulation simulation, List<?> events) {
    var givenUp =
        typed(events, ToolReturned.class).stream()
            .filter(SessionSimulationTest::isOfTheSession)
            .map(ToolReturned::toolCallId)
            .toList();
    for (var completed : typed(events, RunCompleted.class)) {
      var process =
          simulation.processes.stream()
              .filter(candidate -> candidate.isAt(completed.runId()) && candidate.isFinished())
              .findFirst()
              .orElseThrow();
      var written =
          process.readAll(0).entries().stream()
              .filter(entry -> !(entry.event() instanceof PermissionRequested))
              .filter(
                  entry ->
                      !(entry.event() instanceof ToolReturned returned
                          && givenUp.contains(returned.toolCallId())))
              .map(RecordOutput.Entry::endOffset)
              .toList();
      var recorded =
          readPositions(events).stream()
              .filter(position -> position.processId().equals(process.id()))
              .map(SourcePosition::endOffset)
              .toList();
      assertThat(recorded).containsExactlyElementsOf(written);
    }
  }

  private static void assertTotalsAreThoseOfTheTurns(List<?> events) {
    var costs = new HashMap<RunId, Money>();
    for (Object event : events) {
      if (event instanceof TurnFinished turn)
        costs.merge(turn.runId(), turn.costUsd(), Money::plus);
      if (event instanceof RunCompleted completed)
        assertThat(completed.totals().costUsd())
            .isEqualTo(costs.getOrDefault(completed.runId(), Money.ZERO));
    }
  }

  /** Considers calls whose outcome the process did not report. */
  private static void assertOnlyAllowedCallsMayHaveActed(List<?> events) {
    var asked = new HashMap<ActionId, ToolCallId>();
    var allowed = new HashSet<ToolCallId>();
    for (Object event : events)
      switch (event) {
        case ToolCalled called when called.verdict() == Verdict.ALLOWED ->
            allowed.add(called.toolCallId());
        case PermissionRequested request -> asked.put(request.actionId(), request.toolCallId());
        case PermissionDecided decided -> allowed.add(asked.get(decided.actionId()));
        case ToolReturned returned when isOfTheSession(returned) ->
            assertThat(returned.status())
                .isEqualTo(
                    allowed.contains(returned.toolCallId())
                        ? CallStatus.UNKNOWN
                        : CallStatus.EXPIRED);
        default -> {}
      }
  }

  private static void assertNothingIsPending(List<?> events) {
    var closed = new ArrayList<ActionId>();
    for (var event : typed(events, ActionEvent.class))
      if (event instanceof PermissionDecided || event instanceof ActionExpired)
        closed.add(event.actionId());
    assertThat(closed).doesNotHaveDuplicates();
    assertThat(typed(events, PermissionRequested.class))
        .extracting(PermissionRequested::actionId)
        .isSubsetOf(closed);
    assertThat(typed(events, ActivityChanged.class).getLast().activity()).isEqualTo(Activity.IDLE);
    assertThat(typed(events, RunEvent.class)).isNotEmpty();
  }
}
