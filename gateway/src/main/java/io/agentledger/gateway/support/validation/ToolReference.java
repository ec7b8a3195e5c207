package io.agentledger.gateway.support.validation;

import io.agentledger.api.permission.ToolNames;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Text in a request that names one or several tools.
 *
 * @param pointer position in the body as a JSON Pointer
 */
public record ToolReference(String pointer, String text, Form form) {
  /** Syntax of a reference. */
  public enum Form {
    /** Rule of allowed tools: {@code Bash(npm test:*)}, {@code mcp__shop}, {@code @read}. */
    ALLOWED,
    /** Rule of disallowed tools, with the same syntax. */
    DISALLOWED,
    /** Tool of a policy's rule: a name, a group or a wildcard. */
    POLICY,
    /** Member of a tool group: a name or a wildcard. */
    MEMBER,
    /** Tool of a subagent: a name, {@code *}, or a server. */
    SUBAGENT,
    /** Matcher of a hook: names separated by {@code |}, or a regular expression. */
    MATCHER
  }

  /** Creates the references of a list; null has none. */
  public static Stream<ToolReference> listOf(
      String pointer, @Nullable List<String> texts, Form form) {
    return texts == null
        ? Stream.empty()
        : IntStream.range(0, texts.size())
            .filter(i -> texts.get(i) != null) // Another rule refuses null.
            .mapToObj(i -> new ToolReference(pointer + "/" + i, texts.get(i), form));
  }

  /** Returns the same reference at another position in the body. */
  public ToolReference movedBy(UnaryOperator<String> toPointer) {
    return new ToolReference(toPointer.apply(pointer), text, form);
  }

  /** Returns whether names are needed that only the tenant's data contain. */
  boolean needsTenantNames() {
    return text.contains(ToolNames.MCP) || text.contains(ToolNames.GROUP);
  }
}
