package io.agentledger.query.session;

import io.agentledger.api.session.RunView.State;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionMetrics;
import io.agentledger.api.session.SessionMetrics.RunCounts;
import io.agentledger.api.session.SessionMetrics.ToolMetrics;
import io.agentledger.projection.session.Runs;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.ToolCalls;
import java.util.Arrays;
import java.util.List;

/** A session counted from its rows. */
final class SessionNumbers {
  private SessionNumbers() {}

  static SessionMetrics of(SessionRow session, SessionTables tables) {
    var runs = tables.runs().counted(session.tenant(), session.id());
    var tools =
        tables.calls().counted(session.tenant(), session.id(), SessionMetrics.TOOLS_MAX).stream()
            .map(SessionNumbers::of)
            .toList();
    return new SessionMetrics(
        new SessionId(session.id()),
        session.sequence(),
        runCounts(runs),
        runs.stream().mapToLong(Runs.Counted::turns).sum(),
        runs.stream().mapToLong(Runs.Counted::durationMillis).sum(),
        tables.messages().counted(session.tenant(), session.id()),
        tools,
        session.spent().usage(),
        session.spent().cost());
  }

  private static RunCounts runCounts(List<Runs.Counted> runs) {
    return new RunCounts(
        runs.stream().mapToLong(Runs.Counted::runs).sum(),
        in(runs, State.COMPLETED),
        in(runs, State.FAILED),
        in(runs, State.INTERRUPTED),
        in(runs, State.QUEUED, State.ISSUED, State.RUNNING, State.RETRYING, State.PAUSED));
  }

  private static long in(List<Runs.Counted> runs, State... states) {
    return runs.stream()
        .filter(one -> Arrays.asList(states).contains(one.state()))
        .mapToLong(Runs.Counted::runs)
        .sum();
  }

  private static ToolMetrics of(ToolCalls.Counted tool) {
    return new ToolMetrics(
        tool.getTool(),
        tool.getCalls(),
        tool.getDenied(),
        tool.getFailed(),
        tool.getAverage(),
        tool.getLongest());
  }
}
