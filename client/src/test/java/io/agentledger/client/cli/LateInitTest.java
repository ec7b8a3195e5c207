package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.StreamItemJson;
import org.junit.jupiter.api.Test;

/** Output of runs whose init item, which is recorded, arrives after their first transient texts. */
class LateInitTest extends CliFixture {
  @Test
  void lateInitIsPrintedBeforeTheFirstText() {
    service.send(
        StreamItemJson.status(2, "RunStarted", "\"attempt\":1"),
        StreamItemJson.delta(0, "text", "This is "),
        StreamItemJson.progress("\"progress_type\":\"status\",\"status\":\"requesting\""),
        StreamItemJson.init(3),
        StreamItemJson.delta(0, "text", "one line."),
        StreamItemJson.message(4, 0, "text", "This is one line."),
        StreamItemJson.result(5, "completed", false, ""));
    runCli("", "run", "x");
    assertThat(shown())
        .contains(
            """
            rehearsal-1 · sandbox shared-uid · Claude CLI 2.1.197
            ! MCP server files: failed
            This is one line.
            """);
  }

  @Test
  void initThatIsTooLateDoesNotCutAText() {
    service.send(StreamItemJson.status(2, "RunStarted", "\"attempt\":1"));
    for (int i = 0; i < 40; i++) service.send(StreamItemJson.delta(0, "text", "a"));
    service.send(
        StreamItemJson.init(3),
        StreamItemJson.delta(0, "text", "b"),
        StreamItemJson.message(4, 0, "text", "a".repeat(40) + "b"),
        StreamItemJson.result(5, "completed", false, ""));
    runCli("", "run", "x");
    assertThat(shown())
        .contains("a".repeat(40) + "b\n! MCP server files: failed\n")
        .doesNotContain("rehearsal-1 ·");
  }

  @Test
  void textOfARunWithoutInitIsPrinted() {
    service.send(
        StreamItemJson.status(2, "RunStarted", "\"attempt\":1"),
        StreamItemJson.delta(0, "text", "Half an "),
        StreamItemJson.result(3, "cli", true, "The CLI ended."));
    runCli("", "run", "x");
    assertThat(shown()).contains("Half an \nThe CLI ended.\n");
  }
}
