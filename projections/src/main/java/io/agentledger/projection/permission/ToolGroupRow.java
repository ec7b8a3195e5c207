package io.agentledger.projection.permission;

import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;

/** One group of tools. */
@Entity
@Table(name = "tool_group_row")
@SuppressWarnings("NullAway.Init")
public class ToolGroupRow extends VersionedRow {
  private String[] tools;

  protected ToolGroupRow() {}

  ToolGroupRow(ToolGroupCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.tools = event.tools().toArray(String[]::new);
  }

  void update(ToolGroupChanged event) {
    recordVersion(event.version());
    tools = event.tools().toArray(String[]::new);
  }

  public List<String> tools() {
    return List.of(tools);
  }
}
