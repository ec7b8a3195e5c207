package io.agentledger.gateway.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;

/** Text that is accepted can be written by all components. */
class WireTextModuleTest {
  private final WireJson json = new WireJson();

  record Body(String text, List<String> texts, Map<String, String> pairs, Json any) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\": \"\\ud800\"}                        | /text",
        "{\"text\": \"\\udc00\\ud800\"}                 | /text",
        "{\"text\": \"a\\u0000b\"}                      | /text",
        "{\"texts\": [\"a\", \"\\ud83d\"]}              | /texts/1",
        "{\"pairs\": {\"a\": \"\\u0000\"}}              | /pairs/a",
        "{\"pairs\": {\"\\ud800\": \"a\"}}              | /pairs",
        "{\"any\": {\"a\": [1, \"\\udfff\"]}}           | /any",
        "{\"any\": {\"\\u0000\": 1}}                    | /any",
        "{\"any\": [1e999]}                             | /any",
        "{\"any\": -1e400}                              | /any",
      })
  void rejectsUnencodableTextByPointer(String body, String pointer) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> json.read(body, Body.class))
        .satisfies(
            exception ->
                assertThat(exception.errors())
                    .first()
                    .extracting(InvalidRequestException.Violation::pointer)
                    .asString()
                    .startsWith(pointer));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> json.parseObject(body));
  }

  @Test
  void acceptsSurrogatePairs() {
    assertThat(json.read("{\"text\": \"\\ud83d\\ude00\"}", Body.class).text()).isEqualTo("😀");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\": \"a\", \"text\": \"b\"}",
        "{\"any\": {\"a\": 1, \"a\": 2}}",
        "{\"text\": 'a'}",
        "{text: \"a\"}",
        "{\"text\": \"a\",}",
        "{\"text\": \"a\"} {}",
        "{\"any\": NaN}",
        "{\"any\": Infinity}",
        "{\"any\": 01}",
        "{\"any\": .5}",
        "{\"any\": +1}",
        "// comment\n{}",
        "\uFEFF\uFEFF{}",
        "{\"text\": \"a\nb\"}",
        "",
        "null",
      })
  void acceptsStandardJsonOnly(String body) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> json.read(body, Body.class));
  }

  @Test
  void rejectsCostlyInput() {
    for (var body :
        List.of(
            "{\"any\": " + "[".repeat(65) + "]".repeat(65) + "}",
            "{\"any\": " + "{\"a\":".repeat(65) + "1" + "}".repeat(65) + "}",
            "{\"any\": " + "9".repeat(200) + "}",
            "{\"any\": 1." + "9".repeat(200) + "}",
            "{\"" + "n".repeat(2_000) + "\": 1}",
            "{\"any\": [" + "0,".repeat(120_000) + "0]}",
            "{\"text\": \"" + "x".repeat(8_400_000) + "\"}"))
      assertThatExceptionOfType(InvalidRequestException.class)
          .as(body.substring(0, 40))
          .isThrownBy(() -> json.read(body, Body.class))
          .satisfies(exception -> assertThat(exception.errors()).isNotEmpty());
  }

  @Property
  void acceptedTextSurvivesUtf8(@ForAll String text) {
    var body = json.mapper().createObjectNode().put("text", text);
    if (!WireTextModule.isWellFormed(text)) {
      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> json.read(body, Body.class));
      return;
    }
    assertThat(json.read(body, Body.class).text()).isEqualTo(text);
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text).doesNotContain("\u0000");
  }

  @Test
  void parserDetectsDuplicateKeys() {
    assertThat(
            json.mapper()
                .tokenStreamFactory()
                .isEnabled(StreamReadFeature.STRICT_DUPLICATE_DETECTION))
        .isTrue();
  }
}
