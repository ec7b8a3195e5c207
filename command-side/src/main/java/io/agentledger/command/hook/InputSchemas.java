package io.agentledger.command.hook;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.command.support.MatchBudget;
import io.agentledger.command.support.MatchBudget.ExceededException;
import io.agentledger.command.support.Memoizer;
import io.agentledger.command.support.Re2ExpressionFactory;
import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON Schemas of validation hooks. Expressions are matched in linear time and within a budget,
 * formats are not evaluated, and nothing is fetched; the gateway limits size and references of a
 * schema. Thread-safe.
 */
final class InputSchemas {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int SCHEMAS_MAX = 100;

  /** Maximum of the lengths and the sizes of expressions of all compiled schemas together. */
  private static final long WEIGHT_MAX = 1_000_000;

  private static final int VIOLATIONS_MAX = 3;
  private static final int TEXT_LENGTH_MAX = 1000;

  /**
   * Maximum product of the lengths of schema and input, on which the time of an evaluation depends.
   */
  private static final long WORK_MAX = 1_000_000_000L;

  /** Maximum product of the JSON values of schema and input; each pair may yield an error. */
  private static final long PAIRS_MAX = 1_000_000;

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(false)
                      .regularExpressionFactory(new Re2ExpressionFactory())
                      .build()));

  private final Memoizer<Json, Compiled> schemas =
      new Memoizer<>(SCHEMAS_MAX, WEIGHT_MAX, Compiled::weight, InputSchemas::compile);

  /**
   * Compiled schema.
   *
   * @param nodes number of its JSON values
   */
  private record Compiled(Schema schema, long nodes, long weight) {}

  /** Returns whether the expressions of a schema are too large together to be compiled. */
  static boolean isTooLarge(Json schema) {
    return Re2ExpressionFactory.sizeOf(JSON.readTree(schema.text())) > RegexLimits.SIZE_MAX;
  }

  private static Compiled compile(Json json) {
    JsonNode schema = JSON.readTree(json.text());
    long size = Re2ExpressionFactory.sizeOf(schema);
    if (size > RegexLimits.SIZE_MAX)
      throw new ExceededException("the expressions of its schema are too long together");
    return new Compiled(REGISTRY.getSchema(schema), nodesOf(schema), json.text().length() + size);
  }

  private static long nodesOf(JsonNode node) {
    long nodes = 1;
    for (JsonNode item : node) nodes += nodesOf(item);
    return nodes;
  }

  /**
   * Validates the tool input of an invocation; a schema that cannot be evaluated, or not within the
   * budget, is a failure.
   */
  HookReply validate(Json json, JsonNode invocation, MatchBudget budget, Duration timeout) {
    JsonNode input = invocation.path("tool_input");
    if ((long) json.text().length() * input.toString().length() > WORK_MAX) return tooLarge();
    try {
      Compiled schema = schemas.get(json);
      if (schema.nodes() * nodesOf(input) > PAIRS_MAX) return tooLarge();
      var errors = budget.evaluate(timeout, () -> schema.schema().validate(input));
      return errors.isEmpty()
          ? HookReply.of(HookOutcome.PASSED, "")
          : HookReply.of(
              HookOutcome.DENIED,
              shortened(
                  errors.stream()
                      .limit(VIOLATIONS_MAX)
                      .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                      .collect(Collectors.joining("; ", "the input is invalid: ", ""))));
    } catch (ExceededException e) {
      return HookReply.failed(e.reason());
    } catch (RuntimeException | StackOverflowError e) { // The schema is not trusted.
      return HookReply.failed("its schema cannot be evaluated");
    }
  }

  private static HookReply tooLarge() {
    return HookReply.of(HookOutcome.DENIED, "the input is too large for its schema");
  }

  private static String shortened(String text) {
    return text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text;
  }
}
