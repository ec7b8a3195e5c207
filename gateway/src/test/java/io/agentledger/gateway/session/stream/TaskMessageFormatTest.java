package io.agentledger.gateway.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.model.Usage;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.json.WireJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Items as messages of the origin document's WebSocket. */
class TaskMessageFormatTest {
  private static final WireJson JSON = new WireJson();

  private final RunId run = RunId.next();

  private StreamItem item(String event, StreamItem.Body body) {
    return new StreamItem(
        body.type(), event, SessionId.next(), run, null, null, 7L, Instant.EPOCH, body);
  }

  private static @Nullable JsonNode encode(@Nullable String execution, StreamItem item) {
    var encoded = StreamItemEncoder.encodeSingle(JSON, item);
    var message = new TaskMessageFormat(execution).encode(encoded, encoded);
    return message == null ? null : JsonMapper.shared().readTree(message.getPayloadAsText());
  }

  private static StreamItem.Message message(Role role, String block) {
    return new StreamItem.Message(
        MessageId.next(), 0, role, MessageOrigin.MODEL, new Json(block), null);
  }

  private static StreamItem.Result result(
      String stopReason, @Nullable String result, boolean isError) {
    return new StreamItem.Result(
        stopReason, result, null, Usage.ZERO, List.of(), Money.ZERO, 1, 1, isError, null);
  }

  private @Nullable JsonNode ended(StreamItem.Result result) {
    return encode(null, item("RunCompleted", result));
  }

  @Test
  void messagesNameTheExecutionOfTheSessionOrElseTheRun() {
    var issued = item("QueryIssued", new StreamItem.Status(Map.of()));
    var message = encode("exe_2222222222", issued);
    assertThat(message.path("type").asString()).isEqualTo("task.created");
    assertThat(message.path("task_id").asString()).isEqualTo("exe_2222222222");
    assertThat(message.path("run_id").asString()).isEqualTo(run.value());
    assertThat(message.path("sequence").asInt()).isEqualTo(7);
    assertThat(encode(null, issued).path("task_id").asString()).isEqualTo(run.value());
  }

  @Test
  void onlyTextsOfTheAgentItselfAreOutput() {
    var text = message(Role.ASSISTANT, "{\"type\": \"text\", \"text\": \"Done.\"}");
    assertThat(encode(null, item("MessageReceived", text)).path("text").asString())
        .isEqualTo("Done.");
    assertThat(encode(null, item("MessageReceived", text).withParentToolUse(ToolCallId.next())))
        .isNull();
    for (var other :
        List.of(
            message(Role.USER, "{\"type\": \"text\", \"text\": \"Do it.\"}"),
            message(Role.ASSISTANT, "{\"type\": \"tool_use\", \"name\": \"Bash\"}")))
      assertThat(encode(null, item("MessageReceived", other))).isNull();
    assertThat(encode(null, item("RunStarted", new StreamItem.Status(Map.of())))).isNull();
  }

  @Test
  void runThatFailsOrIsInterruptedHasFailed() {
    var completed = ended(result("completed", "Done.", false));
    assertThat(completed.path("type").asString()).isEqualTo("task.completed");
    assertThat(completed.path("result").asString()).isEqualTo("Done.");
    var failed = ended(result("model", "no such model", true));
    assertThat(failed.path("type").asString()).isEqualTo("task.failed");
    assertThat(failed.path("error").asString()).isEqualTo("no such model");
    var interrupted = ended(result("interrupted", null, false));
    assertThat(interrupted.path("type").asString()).isEqualTo("task.failed");
    assertThat(interrupted.path("error").asString()).isEqualTo("interrupted");
  }

  @Test
  void failureThatIsRetriedEndsNothing() {
    var retried = new StreamItem.Error("run_model", "overloaded");
    assertThat(encode(null, item("RunFailed", retried))).isNull();
  }
}
