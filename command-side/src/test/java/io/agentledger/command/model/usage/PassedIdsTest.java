package io.agentledger.command.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassedIdsTest {
  @TempDir Path directory;

  @Test
  void anIdThatFellOutOfMemoryIsFoundInTheFile() throws IOException {
    Path path = directory.resolve("usage.jsonl");
    var passedIds = new PassedIds(path, 2);
    try (UsageFile file = UsageFile.open(path, Clock.systemUTC())) {
      for (int i = 0; i < 5000; i++) {
        var toolCall = new RequestedToolCall("toolu_" + i, "Bash", "exc_1");
        file.append(toolCall);
        passedIds.addToolCall(toolCall);
      }
    }

    assertThat(passedIds.findToolCall("toolu_0")).isPresent();
    assertThat(passedIds.findToolCall("toolu_4999")).isPresent();
    assertThat(passedIds.findToolCall("toolu_5000")).isEmpty();
  }

  @Test
  void anEmptyIdWasNeverPassedOn() throws IOException {
    Path path = directory.resolve("usage.jsonl");
    Files.writeString(path, "{\"phase\":\"tool_call\",\"tool_use_id\":\"\"}\n");
    var passedIds = new PassedIds(path);
    passedIds.addMessage("");

    assertThat(passedIds.hasMessage("")).isFalse();
    assertThat(passedIds.findToolCall("")).isEmpty();
  }
}
