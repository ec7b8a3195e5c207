package io.agentledger.api.permission;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a tool group. */
public sealed interface ToolGroupEvent {
  ToolGroupId toolGroupId();

  /** The group was created with version 1. */
  @Revision("1")
  @StableName("ToolGroupCreated")
  record ToolGroupCreated(
      ToolGroupId toolGroupId, @ShownInAudit String name, @ShownInAudit List<String> tools)
      implements ToolGroupEvent {}

  /** The group was changed. */
  @Revision("1")
  @StableName("ToolGroupChanged")
  record ToolGroupChanged(ToolGroupId toolGroupId, long version, @ShownInAudit List<String> tools)
      implements ToolGroupEvent {}

  /** The group was archived. */
  @Revision("1")
  @StableName("ToolGroupArchived")
  record ToolGroupArchived(ToolGroupId toolGroupId) implements ToolGroupEvent {}
}
