package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Recognizes errors of file tools that met a symbolic link. The CLI follows no links and opens a
 * file before it asks for permission, so its error names only the link.
 */
public record LinkErrors(AgentPathResolver paths) {
  /** Error code by which such an error is recognized. */
  private static final String CODE = "ELOOP";

  /**
   * Finds the path that the tool has to be called with instead.
   *
   * @param result result of the tool, as the agent gets it
   * @return empty if the error was not caused by a link, or its target is unknown
   */
  public Optional<String> findRealPath(String tool, JsonNode input, JsonNode result) {
    return EvaluatedToolCall.isAboutFiles(tool) && result.toString().contains(CODE)
        ? EvaluatedToolCall.findPath(input)
            .flatMap(
                named ->
                    paths.resolve(named).map(Path::toString).filter(real -> !real.equals(named)))
        : Optional.empty();
  }

  /** Returns a hint for the agent that is added to the error. */
  public Optional<String> explain(String tool, JsonNode input, JsonNode result) {
    return findRealPath(tool, input, result)
        .map(
            real ->
                "%s: %s leads through a symbolic link to %s, and file tools follow no links. Call %s with %s."
                    .formatted(
                        tool, EvaluatedToolCall.findPath(input).orElseThrow(), real, tool, real));
  }
}
