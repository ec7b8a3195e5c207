package io.agentledger.api.trigger;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Version of a trigger with its author; a pause is one, too.
 *
 * @param condition null: every delivery
 * @param prompt null: the prompt of the task, then the event
 * @param concurrencyKey null: repository and number of the event
 * @param priority null: that of the task
 * @param flow flow that a delivery starts; null: only the task
 */
public record TriggerVersionView(
    long version,
    String name,
    @Nullable String description,
    String provider,
    boolean providerDefault,
    TriggerSignature signature,
    TaskId taskId,
    @Nullable String condition,
    String prefix,
    List<CommandRule> commands,
    @Nullable String prompt,
    @Nullable String concurrencyKey,
    ConcurrencyPolicy concurrency,
    Map<String, String> variables,
    List<String> ownIdentities,
    @Nullable Integer priority,
    @Nullable TriggerFlow flow,
    boolean paused,
    boolean archived,
    Actor actor,
    Instant at) {}
