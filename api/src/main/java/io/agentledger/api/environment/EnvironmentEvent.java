package io.agentledger.api.environment;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of an environment. Notes that people write about it are sealed. */
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

  /** The first environment of a tenant, which is its default. Its version is 1. */
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
   * The environment is the tenant's default from now on, in place of the one before.
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
