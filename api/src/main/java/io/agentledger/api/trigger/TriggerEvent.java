package io.agentledger.api.trigger;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import org.axonframework.serialization.Revision;

/** Events of a trigger. Its definition is sealed. */
public sealed interface TriggerEvent {
  TriggerId triggerId();

  /**
   * The trigger was created with version 1.
   *
   * @param definition {@link TriggerDefinition} as JSON
   */
  @Revision("1")
  @StableName("TriggerCreated")
  record TriggerCreated(
      TriggerId triggerId, UserId ownerId, TriggerProperties properties, Content definition)
      implements TriggerEvent {}

  /**
   * The trigger was changed.
   *
   * @param definition {@link TriggerDefinition} as JSON
   */
  @Revision("1")
  @StableName("TriggerChanged")
  record TriggerChanged(
      TriggerId triggerId, long version, TriggerProperties properties, Content definition)
      implements TriggerEvent {}

  /** Deliveries start nothing any more. */
  @Revision("1")
  @StableName("TriggerPaused")
  record TriggerPaused(TriggerId triggerId) implements TriggerEvent {}

  /** Deliveries start executions again. */
  @Revision("1")
  @StableName("TriggerResumed")
  record TriggerResumed(TriggerId triggerId) implements TriggerEvent {}

  /** The trigger was archived. */
  @Revision("1")
  @StableName("TriggerArchived")
  record TriggerArchived(TriggerId triggerId) implements TriggerEvent {}
}
