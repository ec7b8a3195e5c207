package io.agentledger.query.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.RunView.Status;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionMetricsView.RunCounts;
import io.agentledger.api.session.query.SessionMetricsView.ToolMetrics;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.run.RunRowRepository;
import io.agentledger.projection.session.transcript.ToolCallRowRepository;
import java.util.Arrays;
import java.util.List;

/** Computes the metrics of a session from its rows. */
final class SessionMetricsReader {
  private SessionMetricsReader() {}

  static SessionMetricsView read(SessionRow session, SessionRepositories sessionRepositories) {
    var runs = sessionRepositories.runs().countByStatus(session.tenant(), session.id());
    var tools =
        sessionRepositories
            .calls()
            .countByTool(session.tenant(), session.id(), SessionMetricsView.TOOLS_MAX)
            .stream()
            .map(SessionMetricsReader::read)
            .toList();
    return new SessionMetricsView(
        new SessionId(session.id()),
        session.sequence(),
        runCounts(runs),
        runs.stream().mapToLong(RunRowRepository.RunCount::turns).sum(),
        runs.stream().mapToLong(RunRowRepository.RunCount::durationMs).sum(),
        sessionRepositories.messages().countMessages(session.tenant(), session.id()),
        tools,
        session.spent().usage(),
        session.spent().cost());
  }

  private static RunCounts runCounts(List<RunRowRepository.RunCount> runs) {
    return new RunCounts(
        runs.stream().mapToLong(RunRowRepository.RunCount::runs).sum(),
        countIn(runs, Status.COMPLETED),
        countIn(runs, Status.FAILED),
        countIn(runs, Status.INTERRUPTED),
        countIn(
            runs, Status.QUEUED, Status.ISSUED, Status.RUNNING, Status.RETRYING, Status.PAUSED));
  }

  private static long countIn(List<RunRowRepository.RunCount> runs, Status... status) {
    return runs.stream()
        .filter(runCount -> Arrays.asList(status).contains(runCount.status()))
        .mapToLong(RunRowRepository.RunCount::runs)
        .sum();
  }

  private static ToolMetrics read(ToolCallRowRepository.ToolCallCount tool) {
    return new ToolMetrics(
        tool.getTool(),
        tool.getCalls(),
        tool.getDenied(),
        tool.getFailed(),
        tool.getAverage(),
        tool.getLongest());
  }
}
