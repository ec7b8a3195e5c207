package io.agentledger.gateway.session;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.validation.SessionSpecValidator;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape of {@link CreateSessionRequest}, for openings that are kept: all that is looked at
 * then.
 */
@Component
class CreateSessionRequestValidator implements SessionSpecValidator {
  private final WireJson json;
  private final RequestValidator checks;

  CreateSessionRequestValidator(WireJson json, RequestValidator checks) {
    this.json = json;
    this.checks = checks;
  }

  @Override
  public List<Violation> wrongs(ObjectNode opening) {
    try {
      var wish = checks.check(json.read(opening, CreateSessionRequest.class));
      if (wish.template() != null) return wrong("/template", "must not be given in a template");
      if (wish.variables() != null) return wrong("/variables", "must not be given in a template");
      wish.metadataOrNone();
      wish.budget();
      wish.workspaceOrEmpty().check();
      wish.runs();
      wish.optionsOrNone().toAgent();
      wish.optionsOrNone().toSessionTools();
      return List.of();
    } catch (InvalidRequestException invalid) {
      return invalid.errors();
    }
  }

  private static List<Violation> wrong(String pointer, String detail) {
    return List.of(new Violation(pointer, null, null, detail));
  }
}
