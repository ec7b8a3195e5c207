package io.agentledger.gateway.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputSchemaValidatorTest {
  private static void check(String schema) {
    InputSchemaValidator.check("/schema", new Json(schema));
  }

  private static void assertRefused(String schema, String pointer, String rule) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> check(schema))
        .satisfies(
            e ->
                assertThat(e.errors())
                    .singleElement()
                    .satisfies(violation -> assertThat(violation.toString()).contains(rule))
                    .satisfies(violation -> assertThat(violation.toString()).contains(pointer)));
  }

  @Test
  void acceptsLocalReferencesThatEnd() {
    assertThatCode(
            () ->
                check(
                    """
                    {"properties": {"a": {"$ref": "#/$defs/text"}, "const": {"type": "string"},
                       "b": {"$ref": "#/$defs/text"}},
                     "$defs": {"text": {"type": "string", "pattern": "^a*$"}}}
                    """))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "strin"}                                    | /schema/type              | is not JSON Schema
          {"properties": {"a": {"$ref": "#/$defs/no"}}}        | /schema/properties/a/$ref | refers to no part
          {"properties": {"const": {"$ref": "#/no"}}}          | /schema/properties/const/$ref | refers to no part
          {"items": {"$ref": "https://example.com/schema"}}    | /schema/items/$ref        | must refer to a part of this
          {"items": {"$ref": "#"}}                             | /schema/items/$ref        | must not refer to a part that contains it
          {"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}   | /$ref                     | must not refer to a part that contains it
          {"pattern": "(?=a)b"}                                | /schema/pattern           | is not a valid RE2 expression
          {"patternProperties": {"(": true}}                   | /schema/patternProperties | is not
          {"$id": "https://example.com/mine"}                  | /schema/$id               | is not supported
          {"$schema": "http://json-schema.org/draft-07/schema#"} | /schema/$schema         | must be https://json-schema.org/draft/2020-12/schema
          [1]                                                  | /schema                   | must be a JSON Schema
          """)
  void refusesWhatCannotBeEvaluatedInBoundedTime(String schema, String pointer, String rule) {
    assertRefused(schema, pointer, rule);
  }

  /** Each reference doubles the work: 2^40 steps. */
  @Test
  void refusesReferencesThatMultiply() {
    var definitions = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
    for (int i = 0; i < 40; i++)
      definitions.append(
          "\"d%d\": {\"allOf\": [{\"$ref\": \"#/$defs/d%d\"}, {\"$ref\": \"#/$defs/d%d\"}]},"
              .formatted(i, i + 1, i + 1));
    assertRefused(definitions + "\"d40\": true}}", "/schema", "has too many parts");
  }
}
