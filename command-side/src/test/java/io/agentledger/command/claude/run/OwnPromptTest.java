package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.protocol.ClaudeInput;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class OwnPromptTest {
  private final OwnPrompt ownPrompt = new OwnPrompt();
  private final UUID first = UUID.randomUUID();
  private final UUID second = UUID.randomUUID();

  private void send(UUID uuid) {
    ownPrompt.expect(ClaudeInput.prompt(uuid, "look").end());
  }

  private static String reported(UUID uuid) {
    return "look at @secret.txt\n" + ClaudeInput.endOfPrompt(uuid);
  }

  @Test
  void promptCountsAsOursOnce() {
    send(first);
    assertThat(ownPrompt.take(reported(first))).isTrue();
    assertThat(ownPrompt.take(reported(first))).isFalse();
  }

  @Test
  void promptThatWasSentBeforeAnotherIsNotOursAnyMore() {
    send(first);
    send(second);
    assertThat(ownPrompt.take(reported(first))).isFalse();
    assertThat(ownPrompt.take(reported(second))).isTrue();
  }

  @Test
  void commandOfTheClisIsLookedAtLikeAnyOtherText() {
    send(first);
    ownPrompt.expect(
        ClaudeInput.command(second, "/compact", JsonNodeFactory.instance.arrayNode()).end());
    assertThat(ownPrompt.take("/compact")).isFalse();
    assertThat(ownPrompt.take(reported(first))).isFalse();
  }

  @Test
  void nothingIsOursBeforeAPromptWasSent() {
    assertThat(ownPrompt.take("")).isFalse();
    assertThat(ownPrompt.take(reported(first))).isFalse();
  }

  @Test
  void endOfAPromptIsNotShownToHooks() {
    assertThat(ClaudeInput.withoutEnd(reported(first))).isEqualTo("look at @secret.txt");
    assertThat(ClaudeInput.withoutEnd("look")).isEqualTo("look");
  }
}
