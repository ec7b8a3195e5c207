package io.agentledger.query.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.CapabilitiesView.Agent;
import io.agentledger.api.session.query.CapabilitiesView.Command;
import io.agentledger.api.session.query.CapabilitiesView.Model;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.shared.Json;
import io.agentledger.projection.session.run.SessionProcessRow;
import io.agentledger.projection.session.run.SideRequestRow;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.support.UntrustedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Maps rows of side requests and of sessions' processes to views. */
final class SideRequestViewMapper {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final ContentReader contentReader;

  SideRequestViewMapper(ContentReader contentReader) {
    this.contentReader = contentReader;
  }

  SideRequestView toView(SideRequestRow row) {
    var session = new SessionId(row.sessionId());
    return new SideRequestView(
        new SideRequestId(row.id()),
        session,
        row.type(),
        row.status(),
        contentReader.text(session, row.question()),
        contentReader.text(session, row.answer()),
        row.failureReason(),
        contentReader.text(session, row.failureDetail()),
        row.requestedBy(),
        row.sequence(),
        row.requestedAt(),
        row.completedAt());
  }

  /**
   * Maps the context usage.
   *
   * @param row of a session whose context was measured
   */
  ContextUsageView toContextView(SessionProcessRow row) {
    var session = new SessionId(row.sessionId());
    long max = row.tokensMax();
    return new ContextUsageView(
        session,
        Objects.requireNonNull(row.model()),
        row.tokens(),
        max,
        max == 0 ? 0 : (int) Math.min(100, row.tokens() * 100 / max),
        Objects.requireNonNullElse(contentReader.json(session, row.breakdown()), Json.NULL),
        Objects.requireNonNull(row.measuredSequence()),
        Objects.requireNonNull(row.measuredAt()));
  }

  static CapabilitiesView notReported(SessionId session) {
    return new CapabilitiesView(
        session, false, List.of(), List.of(), List.of(), null, List.of(), null, null);
  }

  /**
   * Maps the capabilities.
   *
   * @param row of a session whose process has reported them
   */
  CapabilitiesView toCapabilitiesView(SessionProcessRow row) {
    var session = new SessionId(row.sessionId());
    var capabilities =
        contentReader.map(session, row.capabilities(), JSON::readTree).orElse(JSON.nullNode());
    return new CapabilitiesView(
        session,
        true,
        mapAll(capabilities.path("commands"), SideRequestViewMapper::command),
        mapAll(capabilities.path("agents"), SideRequestViewMapper::agent),
        mapAll(capabilities.path("models"), SideRequestViewMapper::model),
        optional(capabilities, "output_style"),
        strings(capabilities.path("output_styles")),
        row.capabilitiesSequence(),
        row.capabilitiesAt());
  }

  private static Command command(JsonNode node) {
    return new Command(
        text(node, "name"),
        text(node, "description"),
        text(node, "argument_hint"),
        strings(node.path("aliases")),
        node.path("invocable").asBoolean(false),
        optional(node, "reason"));
  }

  private static Agent agent(JsonNode node) {
    return new Agent(text(node, "name"), text(node, "description"), optional(node, "model"));
  }

  private static Model model(JsonNode node) {
    return new Model(
        text(node, "value"),
        optional(node, "resolved_model"),
        text(node, "display_name"),
        text(node, "description"),
        strings(node.path("effort_levels")),
        node.path("adaptive_thinking").asBoolean(false));
  }

  private static List<String> strings(JsonNode list) {
    return mapAll(list, node -> node.asString(""));
  }

  private static <T> List<T> mapAll(JsonNode list, Function<JsonNode, T> parser) {
    var all = new ArrayList<T>();
    list.forEach(node -> all.add(parser.apply(node)));
    return all;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  private static @Nullable String optional(JsonNode node, String field) {
    var text = text(node, field);
    return text.isEmpty() ? null : text;
  }
}
