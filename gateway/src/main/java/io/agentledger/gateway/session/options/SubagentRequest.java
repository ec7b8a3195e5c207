package io.agentledger.gateway.session.options;

import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.Subagent;
import io.agentledger.gateway.support.validation.ModelReference;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.ToolReference;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** Definition of a subagent; see {@link Subagent}. */
record SubagentRequest(
    @NotBlank(message = "must not be blank")
        @Size(max = 2_000, message = "must be 1 to 2000 characters")
        String description,
    @NotBlank(message = "must not be blank")
        @Size(max = AgentSetup.PROMPT_LENGTH_MAX, message = "must be 1 to 50000 characters")
        String prompt,
    @Nullable @Size(max = RunOptionsFields.RULES_MAX, message = "must be at most 100 tools")
        List<
                @NotBlank(message = RunOptionsFields.RULE)
                @Size(max = RunOptionsFields.NAME_LENGTH_MAX, message = RunOptionsFields.RULE)
                @SafeText String>
            tools,
    @Nullable @Size(max = RunOptionsFields.RULES_MAX, message = "must be at most 100 tools")
        List<
                @NotBlank(message = RunOptionsFields.RULE)
                @Size(max = RunOptionsFields.NAME_LENGTH_MAX, message = RunOptionsFields.RULE)
                @SafeText String>
            disallowedTools,
    @Nullable
        @Size(
            min = 1,
            max = RunOptionsFields.NAME_LENGTH_MAX,
            message = "must be 1 to 500 characters")
        @SafeText
        String model,
    AgentOverrides.@Nullable Effort effort,
    @Nullable @Range(min = 1, max = 1_000, message = "must be 1 to 1000") Integer maxTurns,
    @Nullable @Size(max = AgentSetup.SKILLS_MAX, message = "must be at most 64 skills")
        List<
                @NotBlank(message = RunOptionsFields.RULE)
                @Size(max = RunOptionsFields.NAME_LENGTH_MAX, message = RunOptionsFields.RULE)
                @SafeText String>
            skills,
    @Nullable Boolean background) {
  /**
   * Returns the tools that it names.
   *
   * @param pointer position of the definition in the body
   */
  Stream<ToolReference> toolReferences(String pointer) {
    return Stream.concat(
        ToolReference.listOf(pointer + "/tools", tools, ToolReference.Form.SUBAGENT),
        ToolReference.listOf(
            pointer + "/disallowed_tools", disallowedTools, ToolReference.Form.SUBAGENT));
  }

  /**
   * Returns the model that it names.
   *
   * @param pointer position of the definition in the body
   */
  Stream<ModelReference> modelReferences(String pointer) {
    return ModelReference.ofNullable(pointer + "/model", model);
  }

  Subagent toSubagent() {
    return new Subagent(
        description,
        prompt,
        tools,
        disallowedTools == null ? List.of() : disallowedTools,
        model,
        effort,
        maxTurns,
        skills == null ? List.of() : skills,
        background != null && background);
  }
}
