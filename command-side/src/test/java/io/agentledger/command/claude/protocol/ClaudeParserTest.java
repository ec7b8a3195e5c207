package io.agentledger.command.claude.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.command.claude.protocol.ClaudeMessage.ApiRetry;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockDelta;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.MalformedLine;
import io.agentledger.command.claude.protocol.ClaudeMessage.OversizedLine;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.Plugin;
import io.agentledger.command.claude.protocol.ClaudeMessage.PluginError;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskProgressed;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.protocol.ClaudeMessage.UserMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.NullNode;

class ClaudeParserTest {
  @Test
  void messagesGetTheFieldsOfTheirLine() {
    assertThat(
            parse(
                """
                {"type":"system","subtype":"init","session_id":"s","model":"opus","tools":["Read"],
                 "mcp_servers":[{"name":"files","status":"connected","new":1}],"skills":["pdf"],
                 "agents":["scout"],"plugins":[{"name":"kit","path":"/workspace/kit"}],
                 "slash_commands":["/compact"],"plugin_errors":[{"message":"no plugin"}],
                 "claude_code_version":"2.1"}
                """))
        .isEqualTo(
            new Initialized(
                "s",
                "opus",
                List.of("Read"),
                List.of(new McpServerState("files", "connected")),
                List.of("/compact"),
                List.of("pdf"),
                List.of("scout"),
                List.of(new Plugin("kit")),
                List.of(new PluginError("no plugin")),
                "2.1"));
    assertThat(
            parse(
                """
                {"type":"system","subtype":"api_retry","attempt":2,"max_retries":10,
                 "retry_delay_ms":523.7,"error_status":529,"error":"overloaded"}
                """))
        .isEqualTo(new ApiRetry(2, 10, Duration.ofMillis(523), OptionalInt.of(529), "overloaded"));
  }

  @Test
  void fieldsOfInnerObjectsBelongToTheMessage() {
    assertThat(
            parse(
                """
                {"type":"stream_event","parent_tool_use_id":"toolu_1","event":{
                 "type":"content_block_start","index":2,
                 "content_block":{"type":"tool_use","id":"toolu_2","name":"Read"}}}
                """))
        .isEqualTo(
            new BlockStarted(
                Optional.of("toolu_1"),
                2,
                "tool_use",
                Optional.of("toolu_2"),
                Optional.of("Read")));
    for (String field : List.of("text", "thinking", "partial_json")) {
      String line =
          """
          {"type":"stream_event","event":{"type":"content_block_delta","delta":{"%s":"a"}}}
          """;
      assertThat(((BlockDelta) parse(line.formatted(field))).text()).isEqualTo("a");
    }
    var progress =
        (TaskProgressed)
            parse(
                """
                {"type":"system","subtype":"task_progress","task_id":"t","summary":"",
                 "description":"Looks","usage":{"duration_ms":12,"total_tokens":99,"tool_uses":3}}
                """);
    assertThat(progress.activity()).isEqualTo("Looks");
    assertThat(progress.elapsed()).hasMillis(12);
    assertThat(progress.tokens()).isEqualTo(99);
    var request =
        (PermissionRequest)
            parse(
                """
                {"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool",
                 "tool_name":"Bash","tool_use_id":"toolu_1","input":{"command":"ls"}}}
                """);
    assertThat(request.requestId()).isEqualTo("r");
    assertThat(request.toolName()).isEqualTo("Bash");
    assertThat(request.input()).hasToString("{\"command\":\"ls\"}");
  }

  @Test
  void userLinesWithToolResultsAreResults() {
    var results =
        (ToolResults)
            parse(
                """
                {"type":"user","uuid":"u","message":{"content":[
                 {"type":"tool_result","tool_use_id":"toolu_1","content":"done"},
                 {"type":"tool_result","tool_use_id":"toolu_2","is_error":true}]}}
                """);
    assertThat(results.results())
        .extracting(ClaudeMessage.ToolResult::toolUseId, ClaudeMessage.ToolResult::isError)
        .containsExactly(tuple("toolu_1", false), tuple("toolu_2", true));
    var echo =
        (UserMessage)
            parse(
                """
                {"type":"user","uuid":"u","isReplay":true,"message":{"content":"hello"}}
                """);
    assertThat(echo.isReplay()).isTrue();
    assertThat(echo.content().asString()).isEqualTo("hello");
  }

  @Test
  void missingAndUnexpectedScalarsAreEmpty() {
    assertThat(
            parse(
                """
                {"type":"system","subtype":"api_retry","attempt":null,"max_retries":"ten",
                 "retry_delay_ms":[],"error_status":"x","error":{}}
                """))
        .isEqualTo(new ApiRetry(0, 0, Duration.ZERO, OptionalInt.empty(), ""));
    assertThat(parse("{\"type\":\"assistant\",\"parent_tool_use_id\":\"\",\"error\":null}"))
        .isEqualTo(
            new AssistantMessage(
                "",
                "",
                "",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                NullNode.getInstance(),
                Optional.empty()));
  }

  @Test
  void absentAndNullStructuredOutputIsNone() {
    assertThat(result("").structuredOutput()).isEmpty();
    assertThat(result(",\"structured_output\":null").structuredOutput()).isEmpty();
    assertThat(result(",\"structured_output\":{\"a\":1}").structuredOutput()).isPresent();
    assertThat(result("").isOfTaskNotification()).isFalse();
    assertThat(result(",\"origin\":{\"kind\":\"task-notification\"}").isOfTaskNotification())
        .isTrue();
  }

  private static ResultMessage result(String fields) {
    return (ResultMessage) parse("{\"type\":\"result\",\"subtype\":\"success\"" + fields + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "[]",
        "{\"type\":",
        "{\"type\":\"system\",\"subtype\":\"init\",\"tools\":\"Read\"}"
      })
  void otherLinesAreMalformed(String line) {
    assertThat(parse(line)).isEqualTo(new MalformedLine(line.length()));
  }

  @Test
  void lineWithoutBytesIsOversized() {
    assertThat(ClaudeParser.parse(new JournalFile.Line(5, 25, Optional.empty())))
        .isEqualTo(new OversizedLine(20));
  }

  private static ClaudeMessage parse(String line) {
    return ClaudeParser.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
