package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServers;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionTools;
import io.agentledger.command.support.Surroundings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import tools.jackson.databind.json.JsonMapper;

/** What a session has beside its agent's own tools, said right after its opening. */
record GivenTools(McpServers servers) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Opens it with them; a server that cannot be had refuses the opening. */
  void begin(OpenSession command, Surroundings surroundings, Sealing sealing) {
    var opening = Opening.of(command, surroundings, sealing);
    var wished = command.tools();
    if (wished.equals(SessionTools.NONE)) {
      apply(opening);
      return;
    }
    var by = Provenance.of(CurrentUnitOfWork.get().getMessage().getMetaData());
    var chosen = servers.choose(by.tenant(), wished.mcpServers());
    apply(opening);
    var tools = sealing.text(ToolsGiven.class, "clientTools", json(wished.clientTools()));
    apply(new ToolsGiven(opening.sessionId(), chosen, tools));
  }

  private static String json(List<ClientTool> tools) {
    return tools.isEmpty()
        ? ""
        : JSON.writeValueAsString(tools.stream().map(GivenTools::shape).toList());
  }

  private static Map<String, Object> shape(ClientTool tool) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("name", tool.name());
    shape.put("description", tool.description());
    shape.put("input_schema", JSON.readTree(tool.inputSchema().text()));
    return shape;
  }
}
