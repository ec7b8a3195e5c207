package io.agentledger.command.mcp.connection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.mcp.McpLimits;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Elicitations of servers; no user is asked here. */
class ElicitationHandlerTest {
  static Stream<Arguments> schemas() {
    return Stream.of(
        Arguments.of(Map.of("type", "string"), "must be of an object"),
        Arguments.of(
            Map.of("type", "object", "properties", Map.of("a", Map.of("$ref", "#"))),
            "must not contain references"),
        Arguments.of(Map.of("type", "object", "title", "x".repeat(70_000)), "too large"));
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void rejectsSchemasThatCannotBeEnforced(Map<String, Object> schema, String reason) {
    var form = ElicitFormRequest.builder("Which?", schema).build();
    assertThatThrownBy(
            () ->
                new ElicitationHandler(ElicitationChannel.CANCELLING, McpLimits.NONE)
                    .onForm(form)
                    .block())
        .hasMessageContaining(reason);
  }
}
