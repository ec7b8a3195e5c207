package io.agentledger.client.cli;

import io.agentledger.api.session.stream.StreamItem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a person is told of a fact that has no type of its own on the stream. */
record EventLine(TextStyle paint, String text) {

  /** Null for what needs no line. */
  static @Nullable EventLine of(StreamItem item, StreamItem.Status status, boolean prompts) {
    var fields = new Fields(status);
    return switch (Objects.requireNonNullElse(item.fact(), "")) {
      case "QueryIssued" -> prompts ? prompt(fields.text("prompt")) : null;
      case "QueryQueued" ->
          prompts ? prompt(fields.text("prompt")) : dim("queued behind the run in progress");
      case "InterruptRequested" -> dim("interrupt requested");
      case "SubagentStarted" -> dim("  │ subagent " + fields.text("agent"));
      case "SubagentFinished" -> dim("  │ subagent ended");
      case "ContextCompacted" -> dim("the conversation was summarised to make room");
      case "ModelRefused" -> refusal(fields);
      case "TurnRetried" -> warn("the model's API failed in passing; it is asked again");
      case "IncidentNoted" -> warn(fields.text("incident") + " " + fields.text("detail"));
      case "RunPaused" -> warn("paused: the budget is spent");
      case "RunStarted" ->
          fields.number("attempt") > 1 ? warn("attempt " + fields.number("attempt")) : null;
      default -> null;
    };
  }

  private static @Nullable EventLine prompt(String text) {
    return text.isEmpty() ? null : new EventLine(TextStyle.STRONG, "› " + text.strip());
  }

  private static EventLine refusal(Fields refused) {
    var by = refused.text("model") + " would not answer";
    var category = refused.text("category");
    var why = category.isEmpty() ? "" : " (" + category + ")";
    var other = refused.text("fallback");
    return warn(by + why + (other.isEmpty() ? "" : "; " + other + " takes over"));
  }

  private static EventLine dim(String text) {
    return new EventLine(TextStyle.DIM, text);
  }

  private static EventLine warn(String text) {
    return new EventLine(TextStyle.WARN, "! " + text.strip());
  }

  private record Fields(StreamItem.Status status) {
    String text(String name) {
      return Objects.toString(status.fields().get(name), "");
    }

    long number(String name) {
      return status.fields().get(name) instanceof Number number ? number.longValue() : 0;
    }
  }
}
