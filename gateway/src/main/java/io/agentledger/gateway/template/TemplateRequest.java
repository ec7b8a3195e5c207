package io.agentledger.gateway.template;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.shared.Json;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.api.template.VariableType;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.NormalizedName;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.SharedUsers;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or replace a template.
 *
 * @param sharing private if omitted
 * @param sharedWith users who may use it; with sharing users only
 * @param session request to open a session, as for {@code POST /api/v1/sessions}; {@code ${name}}
 *     in its texts refers to a variable
 * @param prompt first query of each session; may contain variables
 */
public record TemplateRequest(
    @ConfigurationName String name,
    @Nullable TemplateSharing sharing,
    @Nullable @Size(max = Viewers.USERS_MAX, message = "must be at most 100 users")
        List<@NotNull(message = "must be the id of a user") UserId> sharedWith,
    @Nullable @Size(max = 2000, message = "must be at most 2000 characters") String description,
    @Nullable @Size(max = 50, message = "must be at most 50 characters") @SafeText String category,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        List<@NotNull(message = "must be an object") @Valid VariableRequest> variables,
    @Nullable Json session,
    @Nullable
        @Size(min = 1, max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
        String prompt) {

  /**
   * Variable of a template, whose value is given when the template is used.
   *
   * @param pattern RE2, for the whole value
   * @param type text if omitted
   * @param allowedValues the only values; all of the type if omitted or empty
   */
  public record VariableRequest(
      @NotNull(message = "is required")
          @Pattern(
              regexp = Placeholders.NAME,
              message = "must be a letter and up to 63 letters, digits and underscores")
          String name,
      @Nullable @Size(max = 500, message = "must be at most 500 characters") String description,
      @Nullable
          @Size(
              max = TemplateVariable.VALUE_LENGTH_MAX,
              message = "must be at most 10000 characters")
          String defaultValue,
      @Nullable Boolean required,
      @Nullable
          @Size(
              max = TemplateVariable.PATTERN_LENGTH_MAX,
              message = "must be at most 200 characters")
          String pattern,
      @Nullable VariableType type,
      @Nullable
          @Size(max = TemplateVariable.ALLOWED_VALUES_MAX, message = "must be at most 50 values")
          List<
                  @NotNull(message = "must be text")
                  @Size(min = 1, max = 200, message = "must be 1 to 200 characters") String>
              allowedValues) {
    /** Returns the variable. */
    public TemplateVariable toVariable() {
      return new TemplateVariable(
          name,
          description,
          defaultValue,
          Boolean.TRUE.equals(required),
          pattern,
          type == null ? VariableType.TEXT : type,
          allowedValues == null ? List.of() : allowedValues);
    }
  }

  public TemplateRequest {
    name = NormalizedName.of(name);
  }

  SharedUsers sharedUsers() {
    return new SharedUsers(sharing == TemplateSharing.USERS, sharedWith);
  }

  TemplateSharing sharingOrPrivate() {
    return sharing == null ? TemplateSharing.PRIVATE : sharing;
  }

  String categoryOrEmpty() {
    return category == null ? "" : category;
  }

  TemplateDefinition toDefinition() {
    return new TemplateDefinition(
        description,
        variables == null
            ? List.of()
            : variables.stream().map(VariableRequest::toVariable).toList(),
        session == null ? new Json("{}") : session,
        prompt);
  }
}
