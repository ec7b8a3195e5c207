package io.agentledger.query.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.RunView.State;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionMetricsView.RunCounts;
import io.agentledger.api.session.query.SessionMetricsView.ToolMetrics;
import io.agentledger.projection.session.RunRowRepository;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.ToolCallRowRepository;
import java.util.Arrays;
import java.util.List;

/** A session counted from its rows. */
final class SessionMetricsReader {
  private SessionMetricsReader() {}

  static SessionMetricsView read(SessionRow session, SessionRepositories sessionRepositories) {
    var runs = sessionRepositories.runs().counted(session.tenant(), session.id());
    var tools =
        sessionRepositories
            .calls()
            .counted(session.tenant(), session.id(), SessionMetricsView.TOOLS_MAX)
            .stream()
            .map(SessionMetricsReader::read)
            .toList();
    return new SessionMetricsView(
        new SessionId(session.id()),
        session.sequence(),
        runCounts(runs),
        runs.stream().mapToLong(RunRowRepository.Counted::turns).sum(),
        runs.stream().mapToLong(RunRowRepository.Counted::durationMillis).sum(),
        sessionRepositories.messages().counted(session.tenant(), session.id()),
        tools,
        session.spent().usage(),
        session.spent().cost());
  }

  private static RunCounts runCounts(List<RunRowRepository.Counted> runs) {
    return new RunCounts(
        runs.stream().mapToLong(RunRowRepository.Counted::runs).sum(),
        in(runs, State.COMPLETED),
        in(runs, State.FAILED),
        in(runs, State.INTERRUPTED),
        in(runs, State.QUEUED, State.ISSUED, State.RUNNING, State.RETRYING, State.PAUSED));
  }

  private static long in(List<RunRowRepository.Counted> runs, State... states) {
    return runs.stream()
        .filter(one -> Arrays.asList(states).contains(one.state()))
        .mapToLong(RunRowRepository.Counted::runs)
        .sum();
  }

  private static ToolMetrics read(ToolCallRowRepository.Counted tool) {
    return new ToolMetrics(
        tool.getTool(),
        tool.getCalls(),
        tool.getDenied(),
        tool.getFailed(),
        tool.getAverage(),
        tool.getLongest());
  }
}
