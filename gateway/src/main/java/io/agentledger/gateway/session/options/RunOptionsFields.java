package io.agentledger.gateway.session.options;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.validation.ModelReference;
import io.agentledger.gateway.support.validation.ToolReference;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fields of run options, shared by sessions and queries. */
interface RunOptionsFields {
  /** Maximum length of a rule or name in a list. */
  int NAME_LENGTH_MAX = 500;

  /** Maximum number of rules of one list. */
  int RULES_MAX = 100;

  /** Message for an invalid rule or name in a list. */
  String RULE = "must be a rule of 1 to 500 characters";

  @Nullable String model();

  @Nullable PermissionMode permissionMode();

  @Nullable List<String> allowedTools();

  @Nullable List<String> disallowedTools();

  @Nullable Integer maxTurns();

  @Nullable Long timeoutSeconds();

  @Nullable String fallbackModel();

  @Nullable ThinkingRequest thinking();

  @Nullable Json outputSchema();

  @Nullable Boolean checkpointing();

  /**
   * Returns the tools that the rules name.
   *
   * @param pointer position of the options in the body
   */
  default Stream<ToolReference> ruleReferences(String pointer) {
    return Stream.concat(
        ToolReference.listOf(
            pointer + "/allowed_tools", allowedTools(), ToolReference.Form.ALLOWED),
        ToolReference.listOf(
            pointer + "/disallowed_tools", disallowedTools(), ToolReference.Form.DISALLOWED));
  }

  /**
   * Returns the models that the options name.
   *
   * @param pointer position of the options in the body
   */
  default Stream<ModelReference> modelReferences(String pointer) {
    return Stream.concat(
        ModelReference.ofNullable(pointer + "/model", model()),
        ModelReference.ofNullable(pointer + "/fallback_model", fallbackModel()));
  }

  default RunOverrides toOverrides() {
    var seconds = timeoutSeconds();
    var schema = outputSchema();
    var thinking = thinking();
    if (schema != null) OutputSchemaValidator.check(schema);
    return new RunOverrides(
        model(),
        permissionMode(),
        allowedTools(),
        disallowedTools(),
        maxTurns(),
        seconds == null ? null : Duration.ofSeconds(seconds),
        fallbackModel(),
        thinking == null ? null : thinking.toThinking(),
        schema,
        checkpointing());
  }
}
