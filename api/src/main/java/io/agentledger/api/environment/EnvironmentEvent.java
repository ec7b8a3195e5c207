package io.agentledger.api.environment;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** What happened to an environment. What people write beside it is sealed. */
public sealed interface EnvironmentEvent {
  EnvironmentId environmentId();

  /**
   * Its first version, 1.
   *
   * @param notes {@link EnvironmentNotes} as JSON
   */
  @Revision("1")
  @StableName("EnvironmentCreated")
  record EnvironmentCreated(
      EnvironmentId environmentId, String name, EnvironmentDefinition definition, Content notes)
      implements EnvironmentEvent {}

  /** The tenant has the one that it begins with: its first version, 1, and its standard. */
  @Revision("1")
  @StableName("DefaultEnvironmentCreated")
  record DefaultEnvironmentCreated(
      EnvironmentId environmentId, String name, EnvironmentDefinition definition)
      implements EnvironmentEvent {}

  /**
   * @param notes {@link EnvironmentNotes} as JSON
   */
  @Revision("1")
  @StableName("EnvironmentChanged")
  record EnvironmentChanged(
      EnvironmentId environmentId,
      long version,
      String name,
      EnvironmentDefinition definition,
      Content notes)
      implements EnvironmentEvent {}

  /**
   * It is the tenant's standard, and the one before it is not any more.
   *
   * @param changeNumber counts the tenant's choices: the highest holds
   */
  @Revision("1")
  @StableName("DefaultEnvironmentChanged")
  record DefaultEnvironmentChanged(EnvironmentId environmentId, long changeNumber)
      implements EnvironmentEvent {}

  @Revision("1")
  @StableName("EnvironmentArchived")
  record EnvironmentArchived(EnvironmentId environmentId) implements EnvironmentEvent {}

  @Revision("1")
  @StableName("EnvironmentRestored")
  record EnvironmentRestored(EnvironmentId environmentId) implements EnvironmentEvent {}

  /** It was never used, and is not there any more. */
  @Revision("1")
  @StableName("EnvironmentDeleted")
  record EnvironmentDeleted(EnvironmentId environmentId) implements EnvironmentEvent {}
}
