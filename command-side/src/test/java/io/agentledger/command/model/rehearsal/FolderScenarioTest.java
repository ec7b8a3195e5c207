package io.agentledger.command.model.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests the last answer of the first scenario that a new user sees, in its unusual cases. */
class FolderScenarioTest {
  private static final String PROMPT = "What is in this folder?";
  private static final String WRITTEN = "File created successfully at: /workspace/NOTES.md";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/workspace|false|This folder is empty. I wrote that down in NOTES.md.",
        "/workspace\\na.bin\\nb/|false|This folder has 2 entries:\\n\\n- a.bin\\n- b/\\n\\nThere was",
        "/workspace|true|This folder is empty. I could not write NOTES.md: " + WRITTEN,
        "/workspace\\na.bin|true|This folder has files, but nothing that I could read. I could not",
      })
  void answerBeginsWithWhatIsInTheFolder(String listing, boolean failed, String answer) {
    var written =
        """
        ,{"role":"assistant","content":[{"type":"tool_use","id":"t2","name":"Write","input":{}}]},
        {"role":"user","content":[
          {"type":"tool_result","tool_use_id":"t2","is_error":%s,"content":"%s"}]}"""
            .formatted(failed, WRITTEN);
    assertThat(say(conversation(listing, written))).startsWith(answer.replace("\\n", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/workspace|The folder is empty, so the note says only that.",
        "/workspace\\na.bin|There is nothing here that I can read",
      })
  void noteOfAFolderWithoutTextIsWritten(String listing, String answer) {
    assertThat(say(conversation(listing, ""))).startsWith(answer);
  }

  /** Returns a conversation with a listing of the folder and further messages. */
  private static ConversationView conversation(String listing, String further) {
    return conversation(
        """
        {"tools":[{"name":"Bash"},{"name":"Write"}],"messages":[
          {"role":"user","content":"%s"},
          {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"%s"}]}
          %s]}"""
            .formatted(PROMPT, listing, further));
  }

  private static ConversationView conversation(String body) {
    return new ConversationView(new JsonMapper().readTree(body));
  }

  private static String say(ConversationView conversation) {
    var scenario = ScenarioRegistry.load(null).choose(PROMPT).scenario();
    var step = new ScenarioPlayer(conversation, 0, 0).chooseStep(scenario).orElseThrow();
    return new ScenarioTemplate(conversation).fill(Objects.requireNonNull(step.say()), 1);
  }
}
