package io.agentledger.projection.session;

import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.LifecycleEvent.SetupGiven;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.Outfit;
import io.agentledger.projection.support.Sealed;
import io.agentledger.projection.support.SealedColumn;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/**
 * What a session's agent was given.
 *
 * @param outfit its client's tools are not in it; null for a session that was kept before this was
 *     kept, until the read model is replayed
 * @param clientTools what its client's tools are called and take, a JSON list
 */
@Embeddable
public record SessionGear(
    @Convert(converter = SessionColumns.Outfits.class) @Nullable Outfit outfit,
    @Convert(converter = SealedColumn.class) @Column(name = "client_tools")
        @Nullable Sealed clientTools) {
  static SessionGear of(SessionOpened opened) {
    return new SessionGear(Outfit.of(opened.agent()), null);
  }

  SessionGear with(ToolsGiven given) {
    return new SessionGear(
        outfit == null ? null : outfit.with(given.mcpServers()),
        Sealed.of(ToolsGiven.class, "clientTools", given.clientTools()));
  }

  SessionGear with(SetupGiven given) {
    return new SessionGear(outfit == null ? null : outfit.with(given), clientTools);
  }
}
