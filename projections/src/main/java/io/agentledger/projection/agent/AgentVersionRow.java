package io.agentledger.projection.agent;

import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.identity.UserId;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionRow;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** Version of an agent, one for each event. */
@Entity
@Table(name = "agent_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "agent_id"))
@SuppressWarnings("NullAway.Init")
public class AgentVersionRow extends VersionRow {
  @Enumerated(EnumType.STRING)
  private AgentSharing sharing;

  /** Ids that are separated by blanks. */
  private String sharedWith;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected AgentVersionRow() {}

  AgentVersionRow(AgentRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.sharing = row.sharing();
    this.sharedWith = SharedWithColumn.toText(row.sharedWith());
    this.definition = row.definition();
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
