package io.agentledger.gateway.session;

import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Invalid.Wrong;
import io.agentledger.gateway.support.OpeningShape;
import io.agentledger.gateway.support.WireJson;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** The shape of {@link NewSession}, for openings that are kept: all that is looked at then. */
@Component
class SessionShape implements OpeningShape {
  private final WireJson json;
  private final Checks checks;

  SessionShape(WireJson json, Checks checks) {
    this.json = json;
    this.checks = checks;
  }

  @Override
  public List<Wrong> wrongs(ObjectNode opening) {
    try {
      var wish = checks.check(json.read(opening, NewSession.class));
      if (wish.template() != null) return wrong("/template", "must not be given in a template");
      if (wish.variables() != null) return wrong("/variables", "must not be given in a template");
      wish.metadataOrNone();
      wish.budget();
      wish.workspaceOrEmpty().check();
      wish.runs();
      wish.optionsOrNone().toAgent();
      wish.optionsOrNone().toSessionTools();
      return List.of();
    } catch (Invalid invalid) {
      return invalid.errors();
    }
  }

  private static List<Wrong> wrong(String pointer, String detail) {
    return List.of(new Wrong(pointer, null, null, detail));
  }
}
