package io.agentledger.command.hook;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.shared.Json;
import io.agentledger.command.support.Memoizer;
import io.agentledger.command.support.Re2ExpressionFactory;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON Schemas of validation hooks. Expressions are matched in linear time, formats are not
 * evaluated, and nothing is fetched; the gateway limits size and references of a schema.
 * Thread-safe.
 */
final class InputSchemas {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SCHEMAS_MAX = 100;
  private static final int VIOLATIONS_MAX = 3;
  private static final int TEXT_LENGTH_MAX = 1000;

  /**
   * Maximum product of the lengths of schema and input, on which the time of an evaluation depends.
   */
  private static final long WORK_MAX = 1_000_000_000L;

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(false)
                      .regularExpressionFactory(new Re2ExpressionFactory())
                      .build()));

  private final Memoizer<Json, Schema> compiled =
      new Memoizer<>(SCHEMAS_MAX, schema -> REGISTRY.getSchema(JSON.readTree(schema.text())));

  /** Validates the tool input of an invocation; a schema that cannot be evaluated is a failure. */
  HookReply validate(Json schema, JsonNode invocation) {
    JsonNode input = invocation.path("tool_input");
    if ((long) schema.text().length() * input.toString().length() > WORK_MAX)
      return HookReply.of(HookOutcome.DENIED, "the input is too large for its schema");
    try {
      var errors = compiled.get(schema).validate(input);
      return errors.isEmpty()
          ? HookReply.of(HookOutcome.PASSED, "")
          : HookReply.of(
              HookOutcome.DENIED,
              shortened(
                  errors.stream()
                      .limit(VIOLATIONS_MAX)
                      .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                      .collect(Collectors.joining("; ", "the input is invalid: ", ""))));
    } catch (RuntimeException | StackOverflowError e) { // The schema is not trusted.
      return HookReply.failed("its schema cannot be evaluated");
    }
  }

  private static String shortened(String text) {
    return text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text;
  }
}
