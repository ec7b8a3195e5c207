package io.agentledger.command.support;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.api.shared.RegexLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Request of an MCP server to the user, against which answers are validated. Its schema is not
 * trusted: it must not contain references, because a few of them can take unlimited time to follow,
 * and its expressions are matched within a {@link MatchBudget}.
 *
 * @param details recorded details of the request
 */
public record ElicitationForm(Mode mode, JsonNode details) {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(true)
                      .regularExpressionFactory(new Re2ExpressionFactory())
                      .build()));

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final String UNUSABLE =
      "cannot be validated, because the form's schema is invalid: decline the request";

  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef", "$recursiveRef");

  /**
   * Violation in an answer.
   *
   * @param field a JSON pointer into the content; empty: all of it
   */
  public record Fault(String field, String rule) {}

  /** Returns whether a schema contains references. */
  public static boolean hasReferences(JsonNode schema) {
    return REFERENCES.stream().anyMatch(name -> schema.findValue(name) != null);
  }

  /** Returns whether the answer must have content. */
  public boolean requiresContent(Answer answer) {
    return answer == Answer.ACCEPT && mode == Mode.FORM;
  }

  /** Returns the first violation in an answer; empty if it is valid. Never throws. */
  public Optional<Fault> violation(Answer answer, @Nullable JsonNode content) {
    if (!requiresContent(answer))
      return content == null
          ? Optional.empty()
          : violation("must only be given with an accepted form");
    if (content == null) return violation("is required");
    if (!content.isObject()) return violation("must be an object");
    JsonNode schema = details.path("requested_schema");
    if (hasReferences(schema) || Re2ExpressionFactory.sizeOf(schema) > RegexLimits.SIZE_MAX)
      return violation(UNUSABLE);
    try {
      return new MatchBudget()
          .evaluate(TIMEOUT, () -> SCHEMAS.getSchema(schema).validate(content)).stream()
              .map(error -> new Fault(error.getInstanceLocation().toString(), error.getMessage()))
              .findFirst();
    } catch (RuntimeException | StackOverflowError e) { // The schema is not trusted.
      return violation(UNUSABLE);
    }
  }

  private static Optional<Fault> violation(String rule) {
    return Optional.of(new Fault("", rule));
  }
}
