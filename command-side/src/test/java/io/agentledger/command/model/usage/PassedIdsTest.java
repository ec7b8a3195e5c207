package io.agentledger.command.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
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
  void aCallComesBackOnceHoweverLongAgo() throws IOException {
    Path path = directory.resolve("usage.jsonl");
    var passedIds = new PassedIds(path, 2);
    try (UsageFile file = UsageFile.open(path, Clock.systemUTC())) {
      for (int i = 0; i < 10; i++) {
        var toolCall = new RequestedToolCall("toolu_" + i, "Bash", "exc_1");
        file.append(toolCall);
        passedIds.addToolCall(toolCall);
        if (i > 0) assertThat(passedIds.markReturned(file, "toolu_" + i, i)).isTrue();
      }
      for (var known : List.of(passedIds, new PassedIds(path, 2), new PassedIds(path))) {
        for (int i = 1; i < 10; i++) {
          assertThat(known.markReturned(file, "toolu_" + i, 100)).isFalse();
          assertThat(known.markReturned(file, "toolu_" + i, i))
              .as("the same line, read again after a restart")
              .isTrue();
        }
      }
      assertThat(passedIds.markReturned(file, "toolu_0", 11)).as("a long call").isTrue();
      assertThat(passedIds.markReturned(file, "toolu_0", 12)).isFalse();
      assertThat(passedIds.markReturned(file, "toolu_10", 12)).isFalse();
    }
    assertThat(UsageFile.read(path, 0).unreadableCount()).isZero();
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
