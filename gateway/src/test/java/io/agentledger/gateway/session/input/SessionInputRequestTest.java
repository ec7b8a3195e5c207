package io.agentledger.gateway.session.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.support.json.WireJson;
import org.junit.jupiter.api.Test;

class SessionInputRequestTest {
  private static Input.Prompt read(String json) {
    return (Input.Prompt) new WireJson().read(json, SessionInputRequest.class).toInput();
  }

  @Test
  void commandIsAQueryOfItsOwn() {
    var query =
        read(
            """
            {"type": "command", "name": "compact", "arguments": " keep it ", "mentions": ["a.txt"]}
            """);
    assertThat(query.command()).isEqualTo(new SlashCommand("compact", "keep it"));
    assertThat(query.text()).isEqualTo("/compact keep it");
    assertThat(query.mentions()).containsExactly("a.txt");
  }

  @Test
  void textOfAPromptIsNeitherACommandNorAMention() {
    var query = read("{\"type\": \"prompt\", \"prompt\": \"/compact @a.txt\"}");
    assertThat(query.command()).isNull();
    assertThat(query.mentions()).isEmpty();
  }
}
