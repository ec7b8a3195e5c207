package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Validation of an answer against the form of a server. */
class ElicitationFormTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static ElicitationForm form(String schema) {
    return new ElicitationForm(Mode.FORM, JSON.readTree("{\"requested_schema\": " + schema + "}"));
  }

  @Test
  void validInputHasNoViolation() {
    var form = form("{'type': 'object', 'required': ['a']}".replace('\'', '"'));
    assertThat(form.violation(Answer.ACCEPT, JSON.readTree("{\"a\": 1}"))).isEmpty();
    assertThat(form.violation(Answer.ACCEPT, JSON.readTree("{}"))).isPresent();
    assertThat(form.violation(Answer.ACCEPT, JSON.readTree("[]"))).isPresent();
    assertThat(form.violation(Answer.DECLINE, null)).isEmpty();
  }

  @Test
  void schemaThatTakesTooMuchWorkAcceptsNothing() {
    var form = form("{\"properties\": {\"a\": {\"pattern\": \"[xy]{0,990}z\"}}}");
    assertThat(form.violation(Answer.ACCEPT, JSON.readTree("{\"a\": \"z\"}"))).isEmpty();
    assertThat(
            form.violation(
                Answer.ACCEPT, JSON.readTree("{\"a\": \"%s\"}".formatted("z".repeat(5000)))))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"type\": \"object\", \"$ref\": \"#\"}",
        "{\"type\": \"object\", \"$ref\": \"https://example.com/schema\"}",
        "{\"type\": \"object\", \"$ref\": \"file:///etc/passwd\"}",
        "{\"allOf\": [{\"$ref\": \"#/$defs/a\"}], \"$defs\": {\"a\": {}}}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"pattern\": \"(?<=x)\"}}}",
      })
  void invalidSchemaAcceptsNothing(String schema) {
    assertThat(form(schema).violation(Answer.ACCEPT, JSON.readTree("{\"a\": \"b\"}")))
        .hasValueSatisfying(fault -> assertThat(fault.rule()).contains("schema is invalid"));
  }
}
