package io.agentledger.gateway.trigger;

import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.api.trigger.ConcurrencyPolicy;
import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import io.agentledger.api.trigger.TriggerFlow;
import io.agentledger.api.trigger.TriggerSignature;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.gateway.flow.TriggerFlowRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.PlainHeaders;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or replace a trigger.
 *
 * @param provider github, jira, sentry, or any other name
 * @param providerDefault whether the provider's path without an id leads to it; for admins
 * @param taskId task that a delivery starts
 * @param condition CEL expression about {@code event} and {@code payload}; every delivery if
 *     omitted
 * @param prefix text in front of a command; {@code @agent} if omitted
 * @param commands commands of which a delivery needs one; none if omitted
 * @param prompt Mustache template of the prompt; the prompt of the task and the event if omitted
 * @param concurrencyKey Mustache template; repository and number of the event if omitted
 * @param concurrency policy for deliveries with the same key; queue if omitted
 * @param variables values of the task's variables
 * @param ownIdentities logins and app ids of the agent at the provider
 * @param priority that of the task if omitted
 * @param flow flow that a delivery starts; only the task if omitted
 */
record TriggerRequest(
    @ConfigurationName String name,
    @Nullable @Size(max = 2000, message = "must be at most 2000 characters") String description,
    @NotNull(message = "is required")
        @Pattern(
            regexp = "[a-z0-9][a-z0-9-]{0,39}",
            message = "must be 1 to 40 lower-case letters, digits and -")
        String provider,
    @Nullable Boolean providerDefault,
    @NotNull(message = "is required") @Valid SignatureRequest signature,
    @NotNull(message = "is required") TaskId taskId,
    @Nullable
        @Size(
            min = 1,
            max = TriggerDefinition.CONDITION_LENGTH_MAX,
            message = "must be 1 to 2000 characters")
        String condition,
    @Nullable @Size(min = 1, max = 40, message = "must be 1 to 40 characters") @SafeText
        String prefix,
    @Nullable @Size(max = TriggerDefinition.COMMANDS_MAX, message = "must be at most 32 commands")
        List<@NotNull(message = "must be a command") @Valid CommandRequest> commands,
    @Nullable
        @Size(
            min = 1,
            max = TriggerDefinition.PROMPT_LENGTH_MAX,
            message = "must be 1 to 20000 characters")
        String prompt,
    @Nullable
        @Size(
            min = 1,
            max = TriggerDefinition.KEY_LENGTH_MAX,
            message = "must be 1 to 500 characters")
        String concurrencyKey,
    @Nullable ConcurrencyPolicy concurrency,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                String,
                @NotNull(message = "must be a text")
                @Size(max = 10_000, message = "must be at most 10000 characters") String>
            variables,
    @Nullable
        @Size(max = TriggerDefinition.IDENTITIES_MAX, message = "must be at most 20 identities")
        List<
                @NotBlank(message = IDENTITY_RULE) @Size(max = 100, message = IDENTITY_RULE)
                @SafeText String>
            ownIdentities,
    @Nullable @Range(min = 0, max = ExecutionOptions.PRIORITY_MAX, message = "must be 0 to 9")
        Integer priority,
    @Nullable @Valid TriggerFlowRequest flow) {
  private static final String IDENTITY_RULE = "must be a login or an id of 1 to 100 characters";
  private static final Set<String> RESERVED_WORDS =
      Set.of(TriggerDefinition.APPROVE, TriggerDefinition.REJECT);
  private static final String WORD = "[a-z0-9][a-z0-9-]{0,39}";
  private static final String WORD_RULE = "must be 1 to 40 lower-case letters, digits and -";

  /**
   * Signature that the provider sends.
   *
   * @param header name of the header; with the scheme shared_header only
   * @param secrets one, or two while the first one is replaced; none with the scheme none
   */
  record SignatureRequest(
      @NotNull(message = "is required") SignatureScheme scheme,
      @Nullable @Size(max = 64, message = "must be at most 64 characters") String header,
      @Nullable @Size(max = TriggerSignature.SECRETS_MAX, message = "must be at most 2 secrets")
          List<@NotNull(message = "is required") @Valid SecretReference> secrets) {
    private static final Set<String> RESERVED_HEADERS =
        Set.of(
            "content-length",
            "content-type",
            "host",
            "request-id",
            "sentry-hook-resource",
            "user-agent",
            "webhook-id",
            "x-atlassian-webhook-identifier",
            "x-delivery-id",
            "x-event-type",
            "x-github-delivery",
            "x-github-event");

    TriggerSignature toSignature() {
      var given = secrets == null ? List.<SecretReference>of() : secrets;
      if (scheme == SignatureScheme.NONE && !given.isEmpty())
        throw InvalidRequestException.body(
            "/signature/secrets", "must not be given with the scheme none");
      if (scheme != SignatureScheme.NONE && given.isEmpty())
        throw InvalidRequestException.body(
            "/signature/secrets", "must name the secret in a vault that signs the webhooks");
      if ((scheme == SignatureScheme.SHARED_HEADER) != (header != null))
        throw InvalidRequestException.body(
            "/signature/header", "must be given with the scheme shared_header, and only then");
      if (header != null && !PlainHeaders.isName(header))
        throw InvalidRequestException.body("/signature/header", "must be the name of a header");
      if (header != null && RESERVED_HEADERS.contains(header.toLowerCase(Locale.ROOT)))
        throw InvalidRequestException.body(
            "/signature/header",
            "must not be a header with another meaning, whose value is stored");
      return new TriggerSignature(
          scheme,
          header == null ? "" : header.toLowerCase(Locale.ROOT),
          given.stream().map(SecretReference::toRef).toList());
    }
  }

  /** See {@link SecretRef}. */
  record SecretReference(
      @NotNull(message = "is required") VaultId vaultId,
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
              message = "must be the name of a secret")
          String name) {
    SecretRef toRef() {
      return new SecretRef(vaultId, name);
    }
  }

  /**
   * Command that a text may contain.
   *
   * @param taskId that of the trigger if omitted
   */
  record CommandRequest(
      @NotNull(message = "is required") @Pattern(regexp = WORD, message = WORD_RULE) String name,
      @Nullable @Size(max = TriggerDefinition.ALIASES_MAX, message = "must be at most 8 aliases")
          List<@NotNull(message = WORD_RULE) @Pattern(regexp = WORD, message = WORD_RULE) String>
              aliases,
      @Nullable TaskId taskId) {
    CommandRule toRule() {
      return new CommandRule(name, aliases == null ? List.of() : aliases, taskId);
    }

    private Stream<String> words() {
      return Stream.concat(Stream.of(name), toRule().aliases().stream());
    }
  }

  TriggerProperties toProperties(Caller caller) {
    return new TriggerProperties(
        name,
        provider,
        Boolean.TRUE.equals(providerDefault),
        signature.toSignature(),
        taskId,
        Objects.requireNonNullElse(concurrency, ConcurrencyPolicy.QUEUE),
        ExecutionPrincipal.of(caller));
  }

  TriggerDefinition toDefinition() {
    checkCommands();
    var started = toFlow();
    return new TriggerDefinition(
        description,
        condition,
        Objects.requireNonNullElse(prefix, TriggerDefinition.PREFIX_DEFAULT),
        commandsOrEmpty().stream().map(CommandRequest::toRule).toList(),
        prompt,
        concurrencyKey,
        variables == null ? Map.of() : variables,
        ownIdentities == null ? List.of() : ownIdentities,
        priority,
        started,
        null);
  }

  private @Nullable TriggerFlow toFlow() {
    if (flow == null) {
      if (concurrency == ConcurrencyPolicy.REFUSE)
        throw InvalidRequestException.body(
            "/concurrency", "must be queue or merge without a flow; refuse is for flows");
      return null;
    }
    TriggerFlow started;
    try {
      started = flow.toFlow(SourceProvider.find(provider).orElse(null));
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(at -> "/flow" + at);
    }
    if (started.reply() != null && SourceProvider.find(provider).isEmpty())
      throw InvalidRequestException.body(
          "/flow/reply", "must be given for the providers github, jira and sentry only");
    if (signature.scheme() == SignatureScheme.NONE && !started.credentials().isEmpty())
      throw InvalidRequestException.body(
          "/flow", "must not name credentials without a signature: anyone could make it use them");
    if (started.requiresApproval()) checkReserved();
    return started;
  }

  private void checkReserved() {
    var given = commandsOrEmpty();
    for (int i = 0; i < given.size(); i++)
      if (given.get(i).words().anyMatch(RESERVED_WORDS::contains))
        throw InvalidRequestException.body(
            "/commands/" + i, "must not be approve or reject, which decide about plans");
  }

  private List<CommandRequest> commandsOrEmpty() {
    return commands == null ? List.of() : commands;
  }

  private void checkCommands() {
    var known = new HashSet<String>();
    var violations = new ArrayList<Violation>();
    var given = commandsOrEmpty();
    for (int i = 0; i < given.size(); i++)
      for (var word : given.get(i).words().toList())
        if (!known.add(word))
          violations.add(
              Violation.body(
                  "/commands/" + i, "must not have the name or alias " + word + " twice"));
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
  }

  /** Returns the tasks that a delivery may start; in a flow those that do the work. */
  Set<TaskId> taskReferences() {
    var references = new LinkedHashSet<TaskId>();
    references.add(taskId);
    for (var command : commandsOrEmpty())
      if (command.taskId() != null) references.add(command.taskId());
    return references;
  }
}
