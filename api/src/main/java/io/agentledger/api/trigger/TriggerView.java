package io.agentledger.api.trigger;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Versioned;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a trigger.
 *
 * @param path path to which the provider sends its webhooks
 * @param providerDefault whether the provider's path without an id leads to it, too
 * @param condition null: every delivery
 * @param prompt null: the prompt of the task, then the event
 * @param concurrencyKey null: repository and number of the event
 * @param priority null: that of the task
 * @param flow flow that a delivery starts; null: only the task
 * @param version from 1; a change must name the current one
 */
public record TriggerView(
    TriggerId id,
    UserId ownerId,
    String name,
    @Nullable String description,
    String provider,
    String path,
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
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {}
