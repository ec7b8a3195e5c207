package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.shared.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Output with a JSON schema, with the real CLI and the rehearsed model. */
class StructuredOutputIT extends RunnerTestSupport {
  private static final Json SCHEMA =
      new Json(
          """
          {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
           "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
           "required": ["city", "people"]}""");

  /** The rehearsal generates examples for schemas, but not for regular expressions. */
  private static final Json NOT_TO_BE_HAD =
      new Json(
          """
          {"type": "object", "required": ["code"],
           "properties": {"code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{7}$"}}}""");

  private static final String GIVES =
      """
      ```rehearsal
      - calls:
          - tool: StructuredOutput
            input: %s
      - say: "There it is."
      ```
      """;

  private void submitQuery(String prompt, Json schema) {
    var overrides = new RunOverrides(null, null, null, null, null, null, null, null, schema, null);
    submitInput(
        new Input.Prompt(QueryId.next(), RunId.next(), QueryEvent.Cause.USER, prompt, overrides));
  }

  @Test
  void structuredOutputMatchesItsSchemaAndIsRecordedAsAToolCall() {
    open();
    submitQuery(GIVES.formatted("{city: Turin, people: 5}"), SCHEMA);
    var completed = awaitEvent(RunCompleted.class);
    var output =
        sealer.open(session, RunCompleted.class, "structuredOutput", completed.structuredOutput());
    assertThat(new JsonMapper().readTree(output))
        .isEqualTo(new JsonMapper().readTree("{\"city\": \"Turin\", \"people\": 5}"));
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::name)
        .containsExactly("StructuredOutput");
  }

  @Test
  void outputThatNeverMatchesItsSchemaFailsTheRun() {
    open();
    submitQuery("scenario: text", NOT_TO_BE_HAD);
    var failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.OUTPUT);
    assertThat(failed.retrying()).isFalse();
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .contains("requested schema");
  }

  /** The API rejects such a schema; one that reaches the CLI nevertheless must be detected. */
  @Test
  void schemaThatTheCliDropsFailsTheRunBeforeThePrompt() {
    open();
    submitQuery("scenario: text", new Json("{\"type\": \"object\", \"prefixItems\": []}"));
    var failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.OUTPUT);
    assertThat(events(ToolCalled.class)).isEmpty();
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error())).contains("schema");
  }

  @Test
  void nextQueryMayUseAnotherSchemaOrNone() {
    open();
    submitQuery(GIVES.formatted("{city: Turin, people: 5}"), SCHEMA);
    awaitEvents(RunCompleted.class, 1);
    submitQuery("scenario: text", null);
    var second = awaitEvents(RunCompleted.class, 2).getLast();
    assertThat(result(second)).contains("rehearsal");
  }
}
