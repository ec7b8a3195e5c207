package io.agentledger.api.trigger;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.task.TaskId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a trigger.
 *
 * @param description null for none
 * @param condition CEL expression about {@code event} and {@code payload}; null: every delivery
 * @param prefix text in front of a command
 * @param commands empty: a delivery needs no command
 * @param prompt Mustache template of the prompt; null: the prompt of the task, then the event
 * @param concurrencyKey Mustache template; null: repository and number of the event
 * @param variables values of the task's variables; never from a payload
 * @param ownIdentities logins and app ids of the agent at the provider, whose deliveries are
 *     ignored
 * @param priority null: that of the task
 * @param flow flow that a delivery starts; null: only the task
 * @param taskVersions versions that the tasks had when it was saved, by their ids; null: unknown
 */
public record TriggerDefinition(
    @Nullable String description,
    @Nullable String condition,
    String prefix,
    List<CommandRule> commands,
    @Nullable String prompt,
    @Nullable String concurrencyKey,
    Map<String, String> variables,
    List<String> ownIdentities,
    @Nullable Integer priority,
    @Nullable TriggerFlow flow,
    @Nullable Map<String, Long> taskVersions) {
  public static final String PREFIX_DEFAULT = "@agent";

  /** Commands that decide about plans, in triggers whose flows need an approval. */
  public static final String APPROVE = "approve";

  public static final String REJECT = "reject";

  /** Command that lists the commands, unless the trigger has one of this name. */
  public static final String HELP = "help";

  /**
   * Start of an HTML comment in each text that the platform itself writes at a provider. A delivery
   * whose text contains it is ignored.
   */
  public static final String REPLY_MARKER = "<!-- agentledger:";

  public static final int CONDITION_LENGTH_MAX = 2_000;
  public static final int PROMPT_LENGTH_MAX = 20_000;
  public static final int KEY_LENGTH_MAX = 500;
  public static final int COMMANDS_MAX = 32;
  public static final int ALIASES_MAX = 8;
  public static final int IDENTITIES_MAX = 20;

  public TriggerDefinition {
    commands = List.copyOf(commands);
    variables = OrderedCopy.of(variables);
    ownIdentities = List.copyOf(ownIdentities);
    taskVersions = taskVersions == null ? null : OrderedCopy.of(taskVersions);
  }

  /** Returns the same definition with the versions of its tasks. */
  public TriggerDefinition withTaskVersions(Map<String, Long> versions) {
    return new TriggerDefinition(
        description,
        condition,
        prefix,
        commands,
        prompt,
        concurrencyKey,
        variables,
        ownIdentities,
        priority,
        flow,
        versions);
  }

  /** Returns whether comments may decide about plans of this trigger. */
  public boolean acceptsDecisions() {
    return flow != null && flow.requiresApproval();
  }

  /**
   * Command in the text of a delivery.
   *
   * @param name in lower case
   * @param aliases in lower case
   * @param taskId null: the task of the trigger
   */
  public record CommandRule(String name, List<String> aliases, @Nullable TaskId taskId) {
    public CommandRule {
      aliases = List.copyOf(aliases);
    }
  }
}
