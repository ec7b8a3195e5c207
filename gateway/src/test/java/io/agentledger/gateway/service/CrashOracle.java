package io.agentledger.gateway.service;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Oracle of a round, independent of the service: compares the event store, read by SQL, with the
 * requests of the model API and the effects of the commands in the workspace.
 */
final class CrashOracle {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String EVENTS =
      """
      select sequencenumber, payloadtype, convert_from(payload, 'UTF8')
      from event where aggregateidentifier = ? order by globalindex""";
  private static final String HOLES =
      """
      select aggregateidentifier from event group by aggregateidentifier
      having count(*) <> max(sequencenumber) + 1""";
  private static final String BOOKED =
      """
      select coalesce(sum((convert_from(payload, 'UTF8')::json->'cost'->>'nanos')::bigint), 0)
      from event where payloadtype = 'SpendingBooked'
        and convert_from(payload, 'UTF8')::json->>'runId' = ?""";
  private static final long CUT_MILLIS = 1_000;

  private final Path home;
  private final CrashTargets targets;
  private final ModelApiLog modelApi;

  CrashOracle(Path home, CrashTargets targets, ModelApiLog modelApi) {
    this.home = home;
    this.targets = targets;
    this.modelApi = modelApi;
  }

  /**
   * An accepted query.
   *
   * @param plan its name in the prompt
   */
  record Accepted(String session, String query, String run, String plan) {}

  /** A stored event. */
  record Event(long sequence, String type, JsonNode payload) {
    String text(String field) {
      return payload.path(field).asString("");
    }
  }

  /** Returns a session's events; none while the database is unavailable. */
  List<Event> events(String session) {
    try (var connection = DatabaseDump.connect(home)) {
      return events(connection, session);
    } catch (IOException | SQLException | RuntimeException away) {
      return List.of();
    }
  }

  private static List<Event> events(Connection connection, String session) throws SQLException {
    var events = new ArrayList<Event>();
    try (var statement = connection.prepareStatement(EVENTS)) {
      statement.setString(1, session);
      try (var rows = statement.executeQuery()) {
        while (rows.next())
          events.add(
              new Event(rows.getLong(1), rows.getString(2), JSON.readTree(rows.getString(3))));
      }
    }
    return events;
  }

  /** Returns whether the end of the run is recorded. */
  static boolean hasEnded(List<Event> events, String run) {
    return ends(events, run).findAny().isPresent();
  }

  private static Stream<Event> ends(List<Event> events, String run) {
    return ofRun(events, run)
        .filter(
            event ->
                event.type().equals("RunCompleted")
                    || event.type().equals("RunInterrupted")
                    || (event.type().equals("RunFailed")
                        && !event.payload().path("retrying").asBoolean(false)));
  }

  static Stream<Event> ofRun(List<Event> events, String run) {
    return events.stream().filter(event -> event.text("runId").equals(run));
  }

  /**
   * Returns the violations.
   *
   * @param faults times at which processes were killed
   */
  List<String> violations(Accepted accepted, List<Long> faults) throws IOException, SQLException {
    var found = new ArrayList<String>();
    try (var connection = DatabaseDump.connect(home)) {
      var events = events(connection, accepted.session());
      checkSequence(connection, events, found);
      checkReadModel(connection, accepted.session(), events, found);
      checkEnd(events, accepted, found);
      checkCalls(events, accepted, found);
      checkExchanges(connection, events, accepted, faults, found);
    }
    return found.stream().map(text -> accepted.plan() + ": " + text).toList();
  }

  private static void checkSequence(Connection connection, List<Event> events, List<String> found)
      throws SQLException {
    for (int at = 0; at < events.size(); at++)
      if (events.get(at).sequence() != at)
        found.add("event " + at + " of the session has sequence " + events.get(at).sequence());
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(HOLES)) {
      while (rows.next()) found.add("the events of " + rows.getString(1) + " have a hole");
    }
    duplicates(
            events,
            "MessageReceived",
            event -> event.text("messageId") + "/" + event.payload().path("blockIndex").asInt())
        .forEach(key -> found.add("message block recorded twice: " + key));
  }

  /** Rows of read models are committed before they are on the disk, as are their tokens. */
  private static void checkReadModel(
      Connection connection, String session, List<Event> events, List<String> found)
      throws SQLException {
    try (var statement =
        connection.prepareStatement("select sequence from session_row where id = ?")) {
      statement.setString(1, session);
      try (var rows = statement.executeQuery()) {
        if (!rows.next() || rows.getLong(1) != events.size())
          found.add("the row of the session does not follow its events");
      }
    }
  }

  private void checkEnd(List<Event> events, Accepted accepted, List<String> found) {
    long issued =
        events.stream()
            .filter(event -> event.type().equals("QueryIssued"))
            .filter(event -> event.text("queryId").equals(accepted.query()))
            .count();
    if (issued != 1) found.add("the query was issued " + issued + " times");
    var ends = ends(events, accepted.run()).toList();
    if (ends.size() != 1) found.add("the run has " + ends.size() + " ends");
    boolean answered =
        modelApi.exchanges(accepted.plan()).stream()
            .anyMatch(exchange -> exchange.toolUse().isEmpty() && exchange.complete());
    if (!answered && ends.stream().anyMatch(end -> end.type().equals("RunCompleted")))
      found.add("the run completed before the model's last answer");
    ends.stream()
        .filter(end -> end.type().equals("RunFailed"))
        .forEach(end -> found.add("the run failed: " + end.text("failure")));
  }

  private void checkCalls(List<Event> events, Accepted accepted, List<String> found) {
    var requested = modelApi.exchanges(accepted.plan());
    var calls = typed(events, accepted.run(), "ToolCalled").toList();
    duplicates(events, "ToolCalled", event -> event.text("toolUseId"))
        .forEach(id -> found.add("call recorded twice: " + id));
    duplicates(events, "ToolReturned", event -> event.text("toolCallId"))
        .forEach(id -> found.add("outcome recorded twice: " + id));
    var nonces = targets.nonces(accepted.session());
    for (var exchange : requested) {
      long marks = nonces.stream().filter(line -> line.equals(exchange.line())).count();
      if (marks > 1) found.add("call executed " + marks + " times: " + exchange.line());
      var call = calls.stream().filter(c -> c.text("toolUseId").equals(exchange.toolUse()));
      String outcome = call.findFirst().map(c -> outcome(events, c)).orElse("unrecorded");
      if (marks == 1 && (outcome.equals("unrecorded") || outcome.equals("not allowed")))
        found.add("call executed, and " + outcome + ": " + exchange.line());
      if (marks == 0 && outcome.equals("RETURNED") && exchange.isStep())
        found.add("call returned, and was never executed: " + exchange.line());
      if (outcome.equals("open")) found.add("call without an outcome: " + exchange.line());
    }
    nonces.stream()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .filter(mark -> mark.startsWith(accepted.plan() + "-"))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .forEach(
            (mark, count) -> {
              if (count > 1) found.add("step executed " + count + " times: " + mark);
            });
    for (var call : calls)
      if (requested.stream().noneMatch(e -> e.toolUse().equals(call.text("toolUseId"))))
        found.add("recorded call that the model never made: " + call.text("toolUseId"));
  }

  /** Returns the status of the call's outcome, {@code not allowed}, or {@code open}. */
  private static String outcome(List<Event> events, Event call) {
    String id = call.text("toolCallId");
    var returned =
        events.stream()
            .filter(event -> event.type().equals("ToolReturned"))
            .filter(event -> event.text("toolCallId").equals(id))
            .findFirst();
    boolean allowed =
        switch (call.text("verdict")) {
          case "ALLOWED" -> true;
          case "ASKED" -> wasAllowed(events, id);
          default -> false;
        };
    if (!allowed) return "not allowed";
    return returned.map(event -> event.text("status")).orElse("open");
  }

  private static boolean wasAllowed(List<Event> events, String toolCall) {
    var actions =
        events.stream()
            .filter(event -> event.type().equals("PermissionRequested"))
            .filter(event -> event.text("toolCallId").equals(toolCall))
            .map(event -> event.text("actionId"))
            .collect(Collectors.toSet());
    return events.stream()
        .filter(event -> event.type().equals("PermissionDecided"))
        .filter(event -> event.text("decision").equals("ALLOW"))
        .anyMatch(event -> actions.contains(event.text("actionId")));
  }

  private void checkExchanges(
      Connection connection,
      List<Event> events,
      Accepted accepted,
      List<Long> faults,
      List<String> found)
      throws SQLException {
    Map<Long, Long> turns = new HashMap<>();
    long cost = 0;
    for (var turn : typed(events, accepted.run(), "TurnFinished").toList()) {
      turns.merge(turn.payload().at("/usage/inputTokens").asLong(), 1L, Long::sum);
      cost += nanos(turn.payload().path("costUsd"));
    }
    for (var exchange : modelApi.exchanges(accepted.plan())) {
      long recorded = turns.getOrDefault(exchange.tokens(), 0L);
      if (recorded > 1) found.add("exchange counted " + recorded + " times: " + exchange);
      if (recorded == 0 && !exchange.isNear(faults, CUT_MILLIS))
        found.add("exchange never counted: " + exchange);
      turns.remove(exchange.tokens());
    }
    turns.keySet().forEach(tokens -> found.add("turn that the model never had: " + tokens));
    for (var end : ends(events, accepted.run()).toList()) {
      long total = nanos(end.payload().at("/totals/costUsd"));
      if (total != cost) found.add("the run cost " + total + ", its turns " + cost);
    }
    try (var statement = connection.prepareStatement(BOOKED)) {
      statement.setString(1, accepted.run());
      try (var rows = statement.executeQuery()) {
        rows.next();
        if (rows.getLong(1) != cost) found.add("booked " + rows.getLong(1) + ", its turns " + cost);
      }
    }
  }

  private static long nanos(JsonNode money) {
    return money.path("nanos").asLong();
  }

  private static Stream<Event> typed(List<Event> events, String run, String type) {
    return ofRun(events, run).filter(event -> event.type().equals(type));
  }

  private static Stream<String> duplicates(
      List<Event> events, String type, Function<Event, String> key) {
    return events.stream()
        .filter(event -> event.type().equals(type))
        .collect(Collectors.groupingBy(key, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(entry -> entry.getValue() > 1)
        .map(Map.Entry::getKey);
  }
}
