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
  private final RequestValidator validator;

  CreateSessionRequestValidator(WireJson json, RequestValidator validator) {
    this.json = json;
    this.validator = validator;
  }

  @Override
  public List<Violation> wrongs(ObjectNode opening) {
    try {
      var request = validator.check(json.read(opening, CreateSessionRequest.class));
      if (request.template() != null)
        return violations("/template", "must not be given in a template");
      if (request.variables() != null)
        return violations("/variables", "must not be given in a template");
      request.metadataOrNone();
      request.budget();
      request.workspaceOrEmpty().check();
      request.runs();
      request.optionsOrNone().toAgent();
      request.optionsOrNone().toSessionTools();
      return List.of();
    } catch (InvalidRequestException invalid) {
      return invalid.errors();
    }
  }

  private static List<Violation> violations(String pointer, String detail) {
    return List.of(new Violation(pointer, null, null, detail));
  }
}
