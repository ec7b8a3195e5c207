package io.agentledger.gateway.permission;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.ToolReference;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** One rule of a policy as a client writes it. See {@link PolicyRule}. */
record PolicyRuleRequest(
    @NotNull(message = "is required")
        @Pattern(
            regexp = "[a-z0-9][a-z0-9._-]{0,63}",
            message = "must be 1 to 64 characters of a-z 0-9 . _ - and begin with none of . _ -")
        String name,
    @NotNull(message = "is required") Effect effect,
    @Nullable @Range(min = -1000, max = 1000, message = "must be -1000 to 1000") Integer priority,
    @Nullable @Size(max = PolicyCommand.PATTERNS_MAX, message = TOO_MANY)
        List<
                @NotBlank(message = TOO_LONG)
                @Size(max = PolicyCommand.PATTERN_LENGTH_MAX, message = TOO_LONG) @SafeText String>
            tools,
    @Nullable @Size(max = PolicyCommand.PATTERNS_MAX, message = TOO_MANY)
        List<
                @NotBlank(message = TOO_LONG)
                @Size(max = PolicyCommand.PATTERN_LENGTH_MAX, message = TOO_LONG) @SafeText String>
            paths,
    @Nullable Use use,
    @Nullable @Size(max = PolicyCommand.PATTERNS_MAX, message = TOO_MANY)
        List<
                @NotBlank(message = TOO_LONG)
                @Size(max = PolicyCommand.PATTERN_LENGTH_MAX, message = TOO_LONG) String>
            commands,
    @Nullable @Size(max = PolicyCommand.PATTERNS_MAX, message = TOO_MANY)
        List<
                @NotNull(message = HOST) @Pattern(regexp = "[A-Za-z0-9*:.-]{1,253}", message = HOST)
                String>
            hosts,
    @Nullable @Range(min = 0, max = 86_400, message = "must be 0 to 86400")
        Integer approvalTimeoutSeconds,
    @Nullable @Size(max = 500, message = "must be at most 500 characters") @SafeText
        String reason) {
  private static final String TOO_MANY = "must be at most 50";
  private static final String TOO_LONG = "must be 1 to 500 characters";
  private static final String HOST = "must be a host name, with * as a wildcard";

  /** Returns the tools that the rules name. */
  static List<ToolReference> toolReferences(List<PolicyRuleRequest> rules) {
    return IntStream.range(0, rules.size())
        .boxed()
        .flatMap(
            i ->
                ToolReference.listOf(
                    "/rules/" + i + "/tools", rules.get(i).tools(), ToolReference.Form.POLICY))
        .toList();
  }

  PolicyRule toRule() {
    return new PolicyRule(
        name,
        effect,
        priority == null ? 0 : priority,
        listOrEmpty(tools),
        listOrEmpty(paths),
        Objects.requireNonNullElse(use, Use.ANY),
        listOrEmpty(commands),
        listOrEmpty(hosts),
        approvalTimeoutSeconds == null ? Duration.ZERO : Duration.ofSeconds(approvalTimeoutSeconds),
        Objects.requireNonNullElse(reason, ""));
  }

  private static List<String> listOrEmpty(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }
}
