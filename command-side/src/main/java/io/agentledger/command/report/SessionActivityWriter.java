package io.agentledger.command.report;

import io.agentledger.api.report.ReportSubject.SessionActivity;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FindSessionMetrics;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportBlock.Facts;
import io.agentledger.command.report.document.ReportBlock.Table;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Writes the activity of a session: one row for each event but the messages, which are in the
 * transcript, with the ids, decisions and outcomes of the event. Texts are shortened.
 */
record SessionActivityWriter(ReportDraft draft) {
  private static final int TEXT_MAX = 200;
  private static final List<Column> COLUMNS =
      List.of(
          new Column("sequence", "Event", true),
          new Column("at", "Time", false),
          new Column("type", "Type", false),
          new Column("event", "Name", false),
          Column.secondary("run_id", "Run"),
          new Column("subject", "Subject", false),
          new Column("outcome", "Outcome", false),
          Column.secondary("actor", "Actor"),
          Column.secondary("actor_name", "Name"),
          Column.secondary("detail", "Detail"));

  void write(SessionActivity subject) throws IOException {
    var reader = draft.reader();
    var session =
        reader.find(new FindSession(reader.tenant(), subject.sessionId()), SessionView.class);
    draft.start(
        "Session activity", SessionFacts.titleOf(session), SessionFacts.of(session, reader));
    var metrics =
        reader.find(
            new FindSessionMetrics(reader.tenant(), session.id()), SessionMetricsView.class);
    draft.section("summary", "Summary");
    draft.add(new Facts(summary(metrics)));
    draft.section("events", "Events");
    var counts = new TreeMap<String, Long>();
    draft.add(new Table(COLUMNS, () -> rows(session, counts)));
    draft.section("counts", "Number of events by type");
    draft.add(
        new Facts(
            counts.entrySet().stream()
                .map(count -> new Fact(count.getKey(), count.getValue()))
                .toList()));
  }

  private static List<Fact> summary(SessionMetricsView metrics) {
    var tools = metrics.tools();
    return List.of(
        new Fact("Runs completed", metrics.runs().completed()),
        new Fact("Runs failed", metrics.runs().failed()),
        new Fact("Runs interrupted", metrics.runs().interrupted()),
        new Fact("Messages", metrics.messages()),
        new Fact("Tool calls", tools.stream().mapToLong(tool -> tool.calls()).sum()),
        new Fact("Tool calls denied", tools.stream().mapToLong(tool -> tool.denied()).sum()),
        new Fact("Tool calls failed", tools.stream().mapToLong(tool -> tool.failed()).sum()));
  }

  private Iterator<List<@Nullable Object>> rows(SessionView session, Map<String, Long> counts) {
    var reader = draft.reader();
    var toolNames = new HashMap<ToolCallId, String>();
    return reader
        .batches(
            (@Nullable StreamItem last) ->
                new ListSessionEvents(
                    reader.tenant(), session.id(), sequenceOf(last), PageRequest.LIMIT_MAX),
            StreamItem.class)
        .takeWhile(item -> sequenceOf(item) <= session.sequence())
        .peek(
            item -> {
              counts.merge(item.type(), 1L, Long::sum);
              draft.progress().set("events", sequenceOf(item), session.sequence());
            })
        .filter(item -> !(item.body() instanceof StreamItem.Message))
        .map(item -> row(item, toolNames))
        .iterator();
  }

  private static long sequenceOf(@Nullable StreamItem item) {
    return item == null ? 0 : Objects.requireNonNull(item.sequence());
  }

  /**
   * Returns the row of an event.
   *
   * @param toolNames names of the tools of open calls, because events of results lack them
   */
  private List<@Nullable Object> row(StreamItem item, Map<ToolCallId, String> toolNames) {
    var run = item.runId();
    var body = item.body();
    var activity =
        body instanceof StreamItem.Tool tool ? activity(tool, toolNames) : activity(body);
    return Arrays.asList(
        sequenceOf(item),
        item.at(),
        item.type(),
        item.event(),
        run == null ? null : run.value(),
        activity.subject,
        activity.outcome,
        activity.actor,
        draft.reader().nameOf(activity.actor),
        activity.detail);
  }

  /** Values of an event, by columns. */
  private record Activity(
      @Nullable String subject,
      @Nullable String outcome,
      @Nullable String actor,
      @Nullable String detail) {}

  private static Activity activity(StreamItem.Tool tool, Map<ToolCallId, String> toolNames) {
    var name = tool.name();
    if (name == null) name = toolNames.remove(tool.toolCallId());
    else toolNames.put(tool.toolCallId(), name);
    return new Activity(
        join(name, tool.toolCallId()),
        lower(tool.verdict() == null ? tool.status() : tool.verdict()),
        null,
        tool.rule());
  }

  private static Activity activity(StreamItem.Body body) {
    return switch (body) {
      case StreamItem.Init init ->
          new Activity(init.model(), null, null, "CLI " + init.cliVersion());
      case StreamItem.Permission permission ->
          new Activity(
              join(permission.tool(), permission.actionId()),
              lower(permission.decision() == null ? permission.phase() : permission.decision()),
              permission.actor(),
              permission.reason());
      case StreamItem.Question question ->
          new Activity(question.actionId().value(), question.phase(), question.actor(), null);
      case StreamItem.Elicitation elicitation ->
          new Activity(
              join(elicitation.server(), elicitation.actionId()),
              lower(elicitation.action() == null ? elicitation.phase() : elicitation.action()),
              elicitation.actor(),
              elicitation.reason());
      case StreamItem.Checkpoint checkpoint ->
          new Activity(
              checkpoint.checkpointId().value(), checkpoint.phase(), null, checkpoint.cause());
      case StreamItem.Result result ->
          new Activity(
              null,
              result.stopReason(),
              null,
              result.numTurns() + " turns, " + result.costUsd() + " US dollars");
      case StreamItem.Error error -> new Activity(null, error.code(), null, error.detail());
      case StreamItem.Status status -> new Activity(null, null, null, detail(status.fields()));
      default -> new Activity(null, null, null, null);
    };
  }

  private static String join(@Nullable Object... values) {
    return Stream.of(values)
        .filter(Objects::nonNull)
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private static @Nullable String lower(@Nullable Object value) {
    return value == null ? null : value.toString().toLowerCase(Locale.ROOT);
  }

  /** Returns the plain fields of an event, shortened; objects and lists are left out. */
  private static @Nullable String detail(Map<String, Object> fields) {
    var detail =
        fields.entrySet().stream()
            .flatMap(
                field ->
                    textOf(field.getValue())
                        .map(text -> field.getKey() + "=" + StringUtils.truncate(text, TEXT_MAX))
                        .stream())
            .collect(Collectors.joining(", "));
    return detail.isEmpty() ? null : detail;
  }

  private static Optional<String> textOf(Object value) {
    return switch (value) {
      case String text -> Optional.of(text);
      case Number number -> Optional.of(number.toString());
      case Boolean flag -> Optional.of(flag.toString());
      case Id id -> Optional.of(id.value());
      case Money money -> Optional.of(money.usd());
      case Enum<?> constant -> Optional.of(constant.name().toLowerCase(Locale.ROOT));
      default -> Optional.empty();
    };
  }
}
