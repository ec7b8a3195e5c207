package io.agentledger.projection.agent;

import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.identity.UserId;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** One agent. */
@Entity
@Table(name = "agent_row")
@SuppressWarnings("NullAway.Init")
public class AgentRow extends VersionedRow {
  private String owner;

  @Enumerated(EnumType.STRING)
  private AgentSharing sharing;

  /** Ids that are separated by blanks. */
  private String sharedWith;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected AgentRow() {}

  AgentRow(AgentCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.owner = event.ownerId().value();
    this.sharing = event.sharing();
    this.sharedWith = SharedWithColumn.toText(event.sharedWith());
    this.definition = SealedContent.of(AgentCreated.class, "definition", event.definition());
  }

  void update(AgentChanged event) {
    recordVersion(event.version());
    rename(event.name());
    sharing = event.sharing();
    sharedWith = SharedWithColumn.toText(event.sharedWith());
    definition = SealedContent.of(AgentChanged.class, "definition", event.definition());
  }

  public String owner() {
    return owner;
  }

  public AgentSharing sharing() {
    return sharing;
  }

  public List<UserId> sharedWith() {
    return SharedWithColumn.toUsers(sharedWith);
  }

  public @Nullable SealedContent definition() {
    return definition;
  }
}
