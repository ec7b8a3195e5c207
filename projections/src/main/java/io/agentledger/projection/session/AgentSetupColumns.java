package io.agentledger.projection.session;

import io.agentledger.api.session.AgentSetupSummary;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/**
 * Columns for the setup of a session's agent.
 *
 * @param agentSetup without client tools; null for a session from an older version, until the read
 *     model is replayed
 * @param clientTools names and input schemas of the client's tools, a JSON list
 */
@Embeddable
public record AgentSetupColumns(
    @Convert(converter = SessionJsonConverters.AgentSetups.class)
        @Nullable AgentSetupSummary agentSetup,
    @Convert(converter = SealedContentConverter.class) @Column(name = "client_tools")
        @Nullable SealedContent clientTools) {
  static AgentSetupColumns from(SessionOpened opened) {
    var tools = opened.tools();
    return new AgentSetupColumns(
        AgentSetupSummary.from(opened.agent()).with(opened.setup()).with(tools.mcpServers()),
        SealedContent.of(SessionOpened.class, "tools.clientTools", tools.clientTools()));
  }

  AgentSetupColumns apply(ToolsSet toolsSet) {
    return new AgentSetupColumns(
        agentSetup == null ? null : agentSetup.with(toolsSet.mcpServers()),
        SealedContent.of(ToolsSet.class, "clientTools", toolsSet.clientTools()));
  }
}
