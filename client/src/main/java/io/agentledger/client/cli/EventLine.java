package io.agentledger.client.cli;

import io.agentledger.api.session.stream.StreamItem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The line that is printed for an event without an item type of its own. */
record EventLine(TextStyle style, String text) {

  /** Returns the line for an event, or null if the event is not printed. */
  static @Nullable EventLine from(StreamItem item, StreamItem.Status status, boolean prompts) {
    var fields = new StatusFields(status);
    return switch (Objects.requireNonNullElse(item.event(), "")) {
      case "QueryIssued" -> prompts ? prompt(fields.text("prompt")) : null;
      case "QueryQueued" ->
          prompts ? prompt(fields.text("prompt")) : dim("queued behind the run in progress");
      case "InterruptRequested" -> dim("interrupt requested");
      case "SubagentStarted" -> dim("  │ subagent " + fields.text("agent"));
      case "SubagentFinished" -> dim("  │ subagent ended");
      case "ContextCompacted" -> dim("the conversation was summarised to make room");
      case "ModelRefused" -> modelRefusal(fields);
      case "TurnRetried" -> warn("the model's API failed; the request is retried");
      case "IncidentNoted" -> warn(fields.text("incident") + " " + fields.text("detail"));
      case "RunPaused" -> warn("paused: the budget is spent");
      case "RunStarted" ->
          fields.number("attempt") > 1 ? warn("attempt " + fields.number("attempt")) : null;
      default -> null;
    };
  }

  private static @Nullable EventLine prompt(String text) {
    return text.isEmpty() ? null : new EventLine(TextStyle.BOLD, "› " + text.strip());
  }

  private static EventLine modelRefusal(StatusFields fields) {
    var model = fields.text("model") + " refused to answer";
    var category = fields.text("category");
    var reason = category.isEmpty() ? "" : " (" + category + ")";
    var fallback = fields.text("fallback_model");
    return warn(model + reason + (fallback.isEmpty() ? "" : "; " + fallback + " takes over"));
  }

  private static EventLine dim(String text) {
    return new EventLine(TextStyle.DIM, text);
  }

  private static EventLine warn(String text) {
    return new EventLine(TextStyle.WARNING, "! " + text.strip());
  }

  private record StatusFields(StreamItem.Status status) {
    String text(String name) {
      return Objects.toString(status.fields().get(name), "");
    }

    long number(String name) {
      return status.fields().get(name) instanceof Number number ? number.longValue() : 0;
    }
  }
}
