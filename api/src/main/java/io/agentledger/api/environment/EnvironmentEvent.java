package io.agentledger.api.environment;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of an environment. Descriptions and metadata from users are sealed. */
public sealed interface EnvironmentEvent {
  EnvironmentId environmentId();

  /**
   * The environment was created with version 1.
   *
   * @param notes {@link EnvironmentNotes} as JSON
   */
  @Revision("1")
  @StableName("EnvironmentCreated")
  record EnvironmentCreated(
      EnvironmentId environmentId,
      @ShownInAudit String name,
      EnvironmentDefinition definition,
      Content notes)
      implements EnvironmentEvent {}

  /** The first environment of a tenant, which is its default. Its version is 1. */
  @Revision("1")
  @StableName("DefaultEnvironmentCreated")
  record DefaultEnvironmentCreated(
      EnvironmentId environmentId, @ShownInAudit String name, EnvironmentDefinition definition)
      implements EnvironmentEvent {}

  /**
   * The environment was changed.
   *
   * @param notes {@link EnvironmentNotes} as JSON
   */
  @Revision("1")
  @StableName("EnvironmentChanged")
  record EnvironmentChanged(
      EnvironmentId environmentId,
      long version,
      @ShownInAudit String name,
      EnvironmentDefinition definition,
      Content notes)
      implements EnvironmentEvent {}

  /**
   * The environment became the default of the tenant and replaced the previous one.
   *
   * @param changeNumber number of changes of the tenant's default; the highest number is in force
   */
  @Revision("1")
  @StableName("DefaultEnvironmentChanged")
  record DefaultEnvironmentChanged(EnvironmentId environmentId, long changeNumber)
      implements EnvironmentEvent {}

  /** The environment was archived; no session can be opened in it. */
  @Revision("1")
  @StableName("EnvironmentArchived")
  record EnvironmentArchived(EnvironmentId environmentId) implements EnvironmentEvent {}

  /** The environment was restored from the archive. */
  @Revision("1")
  @StableName("EnvironmentRestored")
  record EnvironmentRestored(EnvironmentId environmentId) implements EnvironmentEvent {}

  /** The environment was deleted. No session had ever used it. */
  @Revision("1")
  @StableName("EnvironmentDeleted")
  record EnvironmentDeleted(EnvironmentId environmentId) implements EnvironmentEvent {}
}
