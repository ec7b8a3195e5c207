package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.PolicyScopeConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;

/** One hook. */
@Entity
@Table(name = "hook_row")
@SuppressWarnings("NullAway.Init")
public class HookRow extends VersionedRow {
  @Convert(converter = PolicyScopeConverter.class)
  private PolicyScope scope;

  @Convert(converter = DefinitionColumn.class)
  private HookDefinition definition;

  protected HookRow() {}

  HookRow(HookCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.scope = event.scope();
    this.definition = event.definition();
  }

  void update(HookChanged event) {
    recordVersion(event.version());
    rename(event.name());
    definition = event.definition();
  }

  public PolicyScope scope() {
    return scope;
  }

  public HookDefinition definition() {
    return definition;
  }

  @Immutable
  static final class DefinitionColumn extends JsonConverter<HookDefinition> {
    DefinitionColumn() {
      super(HookDefinition.class);
    }
  }
}
