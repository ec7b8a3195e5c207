package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.protocol.MentionEscaper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class MentionEscaperTest {
  @ParameterizedTest
  @CsvSource({
    "Look at @a.txt, Look at ＠a.txt",
    "mail me@here.org, mail me@here.org",
    "(@a) '\"@b\"', (＠a) '\"＠b\"'",
    "$1@a.txt, $1＠a.txt",
    "mail me@here.org for $0, mail me＠here.org for $0"
  })
  void templateKeepsOnlyAddressesThatNothingCanChange(String text, String escaped) {
    assertThat(MentionEscaper.escapeTemplate(text)).isEqualTo(escaped);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Skill;{\"skill\":\"s\",\"args\":\"@a\"};{\"skill\":\"s\",\"args\":\"＠a\"}",
        "Agent;{\"description\":\"@a\",\"prompt\":\"@b\"};{\"description\":\"＠a\",\"prompt\":\"@b\"}",
        "Bash;{\"command\":\"ls @a\"};{\"command\":\"ls @a\",\"description\":\"ls ＠a\"}",
        "Bash;{\"command\":\"ls @a\",\"description\":\"lists\"};{\"command\":\"ls @a\",\"description\":\"lists\"}",
        "Bash;{\"command\":\"ls @a\",\"description\":\" \"};{\"command\":\"ls @a\",\"description\":\"ls ＠a\"}",
        "Read;{\"file_path\":\"@a\"};{\"file_path\":\"@a\"}"
      })
  void inputLosesMentionsOnlyWhereTheCliWouldSearchThem(String tool, String input, String escaped) {
    var json = new JsonMapper();
    assertThat(MentionEscaper.escape(tool, json.readTree(input))).isEqualTo(json.readTree(escaped));
  }

  @Test
  void escapedTextHasNoSignAtAll() {
    assertThat(MentionEscaper.escape("a@b @c")).doesNotContain("@");
  }
}
