package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests input at a terminal: what is typed before a question, and questions without an answer. */
@Timeout(120)
class ConsoleInputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final ConsoleInput input;

  ConsoleInputTest() throws IOException {
    var keys = new PipedInputStream(keyboard);
    input = new ConsoleInput(() -> new DumbTerminal(keys, out));
  }

  @AfterEach
  void closeInput() {
    input.close();
  }

  @Test
  void textTypedBeforeAQuestionIsKeptForTheNextPrompt() throws IOException {
    type("half a thoughx\bt");
    var answer = CompletableFuture.supplyAsync(() -> input.readAnswer("allow? ", () -> false));
    await().until(() -> out.toString(StandardCharsets.UTF_8).endsWith("allow? "));
    type("y\n");
    assertThat(answer.join()).contains("y");
    type("!\n");
    var reader = input.promptReader(NullCompleter.INSTANCE, List.of());
    assertThat(input.readPrompt(reader, "100% > ")).contains("half a thought!");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("100% > ");
  }

  @Test
  void commandTypedBeforeAQuestionIsACommandAndOtherLinesWaitForTheUser() throws IOException {
    type("fix the test\n/cost\n/etc/hosts is odd\n/mode plan\nand");
    var answer = CompletableFuture.supplyAsync(() -> input.readAnswer("allow? ", () -> false));
    await().until(() -> out.toString(StandardCharsets.UTF_8).endsWith("allow? "));
    type("n\n");
    assertThat(answer.join()).contains("n");
    var reader = input.promptReader(NullCompleter.INSTANCE, List.of());
    assertThat(input.readPrompt(reader, "100% > ")).contains("/cost");
    assertThat(input.readPrompt(reader, "100% > ")).contains("/mode plan");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("100% > /cost", "100% > /mode plan");
    type(" go on\n");
    assertThat(input.readPrompt(reader, "> "))
        .contains("fix the test\n/etc/hosts is odd\nand go on");
  }

  @Test
  void backslashContinuesAPromptAndHistoryIsThatOfTheSession() throws IOException {
    type("it's one\\\ntwo\n");
    var reader = input.promptReader(NullCompleter.INSTANCE, List.of("earlier"));
    assertThat(reader.getHistory().get(0)).isEqualTo("earlier");
    assertThat(input.readPrompt(reader, "> ")).contains("it's one\ntwo");
  }

  @Test
  void obsoleteQuestionNeedsNoAnswer() {
    var obsolete = new AtomicBoolean();
    var answer = CompletableFuture.supplyAsync(() -> input.readAnswer("allow? ", obsolete::get));
    await().until(() -> out.toString(StandardCharsets.UTF_8).endsWith("allow? "));
    obsolete.set(true);
    assertThat(answer.join()).isEqualTo(Optional.empty());
    assertThat(input.isEnded()).isFalse();
  }

  @Test
  void endOfTheInputIsReported() throws IOException {
    keyboard.close();
    assertThat(input.readAnswer("allow? ", () -> false)).isEmpty();
    assertThat(input.isEnded()).isTrue();
  }

  private void type(String text) throws IOException {
    keyboard.write(text.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }
}
