package io.agentledger.gateway.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
  void acceptsASchemaWithoutReferences() {
    assertThatCode(
            () ->
                check(
                    """
                    {"properties": {"a": {"type": "string", "pattern": "^a*$"}, "const": true,
                       "pattern": {"type": "string"}},
                     "patternProperties": {"^x-": {"maxLength": 9}}, "required": ["a"]}
                    """))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "strin"}                                    | /schema/type              | is not JSON Schema
          {"properties": {"a": {"$ref": "#/$defs/a"}}}         | /schema/properties/a/$ref | is not supported
          {"dependencies": {"const": {"$ref": "#"}}}           | /schema/dependencies      | is not supported
          {"items": {"$dynamicRef": "#a"}}                     | /schema/items/$dynamicRef | is not supported
          {"items": {"$schema": "https://example.com/s"}}      | /schema/items/$schema     | is not supported
          {"pattern": "(?=a)b"}                                | /schema/pattern           | is not a valid RE2 expression
          {"pattern": "((x{1000}){1000}){1000}"}               | /schema/pattern           | has a repetition above 1000
          {"patternProperties": {"(": true}}                   | /schema/patternProperties | is not
          {"$id": "https://example.com/mine"}                  | /schema/$id               | is not supported
          {"$schema": "http://json-schema.org/draft-07/schema#"} | /schema/$schema         | must be https://json-schema.org/draft/2020-12/schema
          [1]                                                  | /schema                   | must be a JSON Schema
          """)
  void refusesWhatCannotBeEvaluatedInBoundedTime(String schema, String pointer, String rule) {
    assertRefused(schema, pointer, rule);
  }

  /** Each expression is within the limit; all 60 of them take a gigabyte when they are compiled. */
  @Test
  void refusesExpressionsThatAreTooLongTogether() {
    var schema =
        IntStream.range(10, 70)
            .mapToObj(i -> "{\"pattern\": \"q(?:%s%d){1000}\"}".formatted("b".repeat(179), i))
            .collect(Collectors.joining(", ", "{\"allOf\": [", "]}"));
    assertRefused(schema, "/schema/allOf/1/pattern", "at most 200000 characters");
  }

  @Test
  void refusesExpressionsOfPropertiesThatAreTooLongWhenTheyAreCompiledTwice() {
    var property = "{\"patternProperties\": {\"%s{500}\": true}}";
    assertThatCode(() -> check(property.formatted("b".repeat(150)))).doesNotThrowAnyException();
    assertRefused(property.formatted("(?:" + "b".repeat(250) + ")"), "/schema/patternP", "200000");
  }

  @Test
  void refusesDeepSchemasAndManyGroups() {
    assertRefused("{\"not\":".repeat(60) + "{}" + "}".repeat(60), "/not/not", "50 levels");
    assertRefused(
        "{\"pattern\": \"" + "(".repeat(15_000) + ")".repeat(15_000) + "\"}",
        "/schema/pattern",
        "more than 200 groups");
  }
}
