package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.client.session.SessionInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypedPromptTest {
  @Test
  void wordBehindASignMentionsAFile() {
    assertThat(
            TypedPrompt.parse("see @a/b.txt, @\"with space.md\" and me@here.org", true).mentions())
        .containsExactly("a/b.txt", "with space.md");
  }

  @Test
  void firstWordWithASlashIsACommand() {
    var prompt = TypedPrompt.parse("/review the @plan.txt\n", true);
    assertThat(prompt.toInput(RunOverrides.NONE))
        .isEqualTo(
            new SessionInput.Command(
                new SlashCommand("review", "the @plan.txt"),
                RunOverrides.NONE,
                List.of("plan.txt")));
    assertThat(TypedPrompt.parse("/plug:say", true).command())
        .isEqualTo(new SlashCommand("plug:say", ""));
  }

  @Test
  void pathAtTheBeginningIsText() {
    assertThat(TypedPrompt.parse("/etc/hosts is odd", true).command()).isNull();
    assertThat(TypedPrompt.parse(" /compact", true).command()).isNull();
  }

  @Test
  void textFromStandardInputHasNeither() {
    var prompt = TypedPrompt.parse("/compact @a.txt", false);
    assertThat(prompt.command()).isNull();
    assertThat(prompt.mentions()).isEmpty();
  }
}
