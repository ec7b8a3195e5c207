package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Errors of file tools that met a symbolic link. The CLI follows none and looks at a file before it
 * asks for permission, so that its error names the link alone.
 */
public record LinkErrors(AgentPathResolver paths) {
  /** How the error of such a tool is known. */
  private static final String CODE = "ELOOP";

  /**
   * Finds the path that the tool has to be called with instead.
   *
   * @param result of the tool, as the agent gets it
   * @return empty if no link was in the way, or nobody can tell where it leads
   */
  public Optional<String> findRealPath(String tool, JsonNode input, JsonNode result) {
    return EvaluatedToolCall.isAboutFiles(tool) && result.toString().contains(CODE)
        ? EvaluatedToolCall.findPath(input)
            .flatMap(
                named ->
                    paths.resolve(named).map(Path::toString).filter(real -> !real.equals(named)))
        : Optional.empty();
  }

  /** Hint for the agent beside the error. */
  public Optional<String> explain(String tool, JsonNode input, JsonNode result) {
    return findRealPath(tool, input, result)
        .map(
            real ->
                "%s: %s leads through a symbolic link to %s, and file tools follow no links. Call %s with %s."
                    .formatted(
                        tool, EvaluatedToolCall.findPath(input).orElseThrow(), real, tool, real));
  }
}
